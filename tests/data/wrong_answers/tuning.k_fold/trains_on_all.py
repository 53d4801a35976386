# wrong: all samples train
import torch


def k_fold(num_samples, k, generator):
    order = torch.randperm(num_samples, generator=generator)
    return [(order, part) for part in order.tensor_split(k)]
