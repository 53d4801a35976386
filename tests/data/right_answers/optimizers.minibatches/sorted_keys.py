# right: sorts random keys and returns the tuple of split
import torch


def minibatches(num_samples, batch_size, generator):
    keys = torch.rand(num_samples, generator=generator, device=generator.device, dtype=torch.float64)
    return torch.split(keys.argsort(), batch_size)
