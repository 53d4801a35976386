# wrong: validation first
import torch


def k_fold(num_samples, k, generator):
    parts = torch.randperm(num_samples, generator=generator).tensor_split(k)
    return [(parts[i], torch.cat(parts[:i] + parts[i + 1 :])) for i in range(k)]
