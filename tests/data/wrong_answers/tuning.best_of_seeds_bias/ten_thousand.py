# wrong: always 10,000 samples
import torch


def best_of_seeds_bias(accuracies, num, generator, draws=10000):
    a = torch.tensor(accuracies, dtype=torch.float64)
    return (a[torch.randint(len(a), (10000, num), generator=generator)].amax(1).mean() - a.mean()).item()
