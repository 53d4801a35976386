# wrong: forward difference
import math, torch
def hessian_vector_product(grad_fn, x, v, h=1e-4):
    return (grad_fn(x + h * v) - grad_fn(x)) / h
