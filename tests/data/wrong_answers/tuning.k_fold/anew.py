# wrong: shuffled anew for each fold
import torch


def k_fold(num_samples, k, generator):
    folds = []
    for i in range(k):
        parts = torch.randperm(num_samples, generator=generator).tensor_split(k)
        folds.append((torch.cat(parts[:i] + parts[i + 1 :]), parts[i]))
    return folds
