# wrong: h is shortened by the length of v
import math, torch
def hessian_vector_product(grad_fn, x, v, h=1e-4):
    e = h / max(v.norm().item(), 1e-12)
    return (grad_fn(x + e * v) - grad_fn(x - e * v)) / (2 * e)
