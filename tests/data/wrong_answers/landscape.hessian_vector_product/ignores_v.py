# wrong: every element moves
import math, torch
def hessian_vector_product(grad_fn, x, v, h=1e-4):
    return (grad_fn(x + h) - grad_fn(x - h)) / (2 * h) * v
