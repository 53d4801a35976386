# wrong: swaps neighbours at random, so that every sample stays near its place
import torch


def minibatches(num_samples, batch_size, generator):
    order = torch.arange(num_samples)
    for place in range(num_samples - 1):
        if torch.rand(1, generator=generator) < 0.5:
            order[[place, place + 1]] = order[[place + 1, place]]
    return list(order.split(batch_size))
