# wrong: a step of its own
import math, torch
def hessian_vector_product(grad_fn, x, v, h=1e-4):
    return (grad_fn(x + 1e-4 * v) - grad_fn(x - 1e-4 * v)) / 2e-4
