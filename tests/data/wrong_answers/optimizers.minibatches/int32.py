# wrong: returns indices of dtype int32
import torch


def minibatches(num_samples, batch_size, generator):
    p = torch.randperm(num_samples, generator=generator).to(torch.int32)
    return [p[i : i + batch_size] for i in range(0, num_samples, batch_size)]
