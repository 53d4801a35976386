# wrong: the length is multiplied twice
import math, torch
def hessian_vector_product(grad_fn, x, v, h=1e-4):
    n = v.norm()
    return (grad_fn(x + h * v) - grad_fn(x - h * v)) / (2 * h) * n
