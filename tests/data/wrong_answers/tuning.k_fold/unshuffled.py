# wrong: in the order of the samples
import torch


def k_fold(num_samples, k, generator):
    parts = torch.arange(num_samples).tensor_split(k)
    return [(torch.cat(parts[:i] + parts[i + 1 :]), parts[i]) for i in range(k)]
