# wrong: the last fold has all that is left over
import torch


def k_fold(num_samples, k, generator):
    order = torch.randperm(num_samples, generator=generator)
    size = num_samples // k
    folds = []
    for i in range(k):
        end = (i + 1) * size if i < k - 1 else num_samples
        folds.append((torch.cat([order[: i * size], order[end:]]), order[i * size : end]))
    return folds
