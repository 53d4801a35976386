# unit: activations
# tries: forward-mode derivatives without forward_ad
# stopped by: a guard before the level that dual numbers need
# expect: gelu_grad shortcut 0
# says: `torch._make_dual` is ready-made
import math
import torch


def gelu_grad(x):
    torch._C._enter_dual_level()
    try:
        dual = torch._make_dual(x, torch.ones_like(x), level=0)
        out = dual * (0.5 * (1 + torch.erf(dual / math.sqrt(2))))
        return torch._unpack_dual(out, level=0)[1].clone()
    finally:
        torch._C._exit_dual_level(level=0)
