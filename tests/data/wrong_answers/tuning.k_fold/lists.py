# wrong: lists of numbers
import torch


def k_fold(num_samples, k, generator):
    order = torch.randperm(num_samples, generator=generator).tolist()
    return [([x for x in order if x not in order[i::k]], order[i::k]) for i in range(k)]
