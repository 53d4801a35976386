import torch


def k_fold(num_samples, k, generator):
    p = torch.randperm(num_samples, generator=generator, device=generator.device)
    return [(torch.cat([p[j::k] for j in range(k) if j != i]), p[i::k]) for i in range(k)]
