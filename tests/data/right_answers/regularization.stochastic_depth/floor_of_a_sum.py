# right: floor of survival plus a uniform number
import torch


def stochastic_depth(x, branch, survival, generator, training=True):
    if not training:
        return branch + x
    r = survival + torch.rand((x.shape[0],) + (1,) * (x.ndim - 1), dtype=x.dtype, device=x.device, generator=generator)
    return x + branch.div(survival) * r.floor()
