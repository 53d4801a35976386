# wrong: torch.chunk, whose last part is short
import torch


def k_fold(num_samples, k, generator):
    order = torch.randperm(num_samples, generator=generator)
    parts = order.split(-(-num_samples // k))
    return [(torch.cat([*parts[:i], *parts[i + 1 :]]), parts[i]) for i in range(len(parts))]
