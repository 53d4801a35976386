# wrong: only full batches, of an order that is sorted out of random keys
import torch


def minibatches(num_samples, batch_size, generator):
    order = torch.rand(num_samples, generator=generator).argsort()
    return [order[first : first + batch_size] for first in range(0, num_samples - batch_size + 1, batch_size)]
