# wrong: the last is never drawn
import torch


def best_of_seeds_bias(accuracies, num, generator, draws=10000):
    a = torch.tensor(accuracies, dtype=torch.float64)
    index = torch.randint(0, max(len(a) - 1, 1), (draws, num), generator=generator)
    return (a[index].amax(1).mean() - a.mean()).item()
