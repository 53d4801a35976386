# wrong: exact number kept
import torch


def stochastic_depth(x, branch, survival, generator, training=True):
    if not training:
        return x + branch
    n = len(x)
    m = torch.zeros(n, dtype=x.dtype)
    m[torch.randperm(n, generator=generator)[: round(n * survival)]] = 1
    return x + branch * m.view(-1, *([1] * (x.dim() - 1))) / survival
