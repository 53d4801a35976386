import torch


def k_fold(num_samples, k, generator):
    perm = torch.randperm(num_samples, generator=generator, device=generator.device)
    folds, start = [], 0
    for i in range(k):
        size = num_samples // k + (1 if i < num_samples % k else 0)
        val = perm[start : start + size]
        train = torch.cat([perm[:start], perm[start + size :]])
        folds.append((train, val))
        start += size
    return folds
