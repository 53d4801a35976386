# right: the mean of both one-sided differences
import math, torch
def hessian_vector_product(grad_fn, x, v, h=1e-4):
    g = grad_fn(x)
    return ((grad_fn(x + h * v) - g) + (g - grad_fn(x - h * v))) / h / 2
