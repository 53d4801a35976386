# wrong: a unit vector
import math, torch
def hessian_vector_product(grad_fn, x, v, h=1e-4):
    v = v / (v.norm() + 1e-12)
    return (grad_fn(x + h * v) - grad_fn(x - h * v)) / (2 * h)
