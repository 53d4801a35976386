# wrong: draws each batch anew
import math

import torch


def minibatches(num_samples, batch_size, generator):
    n = math.ceil(num_samples / batch_size)
    return [torch.randperm(num_samples, generator=generator)[:batch_size] for _ in range(n)]
