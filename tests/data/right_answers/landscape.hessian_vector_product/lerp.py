# right: points by torch.add
import math, torch
def hessian_vector_product(grad_fn, x, v, h=1e-4):
    ahead, behind = (grad_fn(torch.add(x, v, alpha=s * h)) for s in (1, -1))
    return ahead.sub(behind).div(2 * h)
