# wrong: a falling list that no network gave
import math, torch


def overfit_one_batch(x, labels, hidden, lr, steps, generator):
    return [math.log(int(labels.max()) + 1) * 0.99**t for t in range(steps)]
