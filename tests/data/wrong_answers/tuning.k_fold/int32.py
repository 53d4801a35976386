# wrong: int32
import torch


def k_fold(num_samples, k, generator):
    order = torch.randperm(num_samples, generator=generator).int()
    parts = order.tensor_split(k)
    return [(torch.cat(parts[:i] + parts[i + 1 :]), parts[i]) for i in range(k)]
