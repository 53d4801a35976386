# right: torch.distributions
import torch


def gelu(x):
    n = torch.distributions.Normal(torch.zeros((), dtype=x.dtype), torch.ones((), dtype=x.dtype))
    return x * n.cdf(x)
