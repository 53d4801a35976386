# wrong: in place
import torch


def stochastic_depth(x, branch, survival, generator, training=True):
    if not training:
        return x + branch
    m = (torch.rand(len(x), generator=generator) < survival).to(x.dtype).view(-1, *([1] * (x.dim() - 1)))
    x += m * branch / survival
    return x
