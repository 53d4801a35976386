# wrong: a list
import math, torch
def loss_on_line(f, start, end, num):
    return [f(start + i / (num - 1) * (end - start)) for i in range(num)]
