# right: index_put on survivors
import torch


def stochastic_depth(x, branch, survival, generator, training=True):
    if not training:
        return x + branch
    kept = torch.rand(len(x), generator=generator, device=x.device, dtype=torch.float64) < survival
    out = x.clone()
    out[kept] = out[kept] + branch[kept] / survival
    return out
