# wrong: the gradient times v
import math, torch
def hessian_vector_product(grad_fn, x, v, h=1e-4):
    return grad_fn(x) * v
