# wrong: each run at most once
import torch


def best_of_seeds_bias(accuracies, num, generator, draws=10000):
    a = torch.tensor(accuracies, dtype=torch.float64)
    best = [a[torch.randperm(len(a), generator=generator)[:num]].max() for _ in range(draws)]
    return (torch.stack(best).mean() - a.mean()).item()
