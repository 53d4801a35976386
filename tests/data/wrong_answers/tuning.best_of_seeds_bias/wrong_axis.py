# wrong: the largest over the samples
import torch


def best_of_seeds_bias(accuracies, num, generator, draws=10000):
    a = torch.tensor(accuracies, dtype=torch.float64)
    return (a[torch.randint(len(a), (draws, num), generator=generator)].amax(0).mean() - a.mean()).item()
