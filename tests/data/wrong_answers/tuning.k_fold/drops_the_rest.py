# wrong: what is left over is lost
import torch


def k_fold(num_samples, k, generator):
    order = torch.randperm(num_samples, generator=generator)
    size = num_samples // k
    folds = []
    for i in range(k):
        val = order[i * size : (i + 1) * size]
        folds.append((torch.cat([order[: i * size], order[(i + 1) * size :]]), val))
    return folds
