import torch


def best_of_seeds_bias(accuracies, num, generator, draws=10000):
    a = torch.tensor(accuracies, device=generator.device)
    u = torch.rand(num, draws, generator=generator, device=generator.device)
    index = (u * len(a)).long().clamp(max=len(a) - 1)
    return float(a[index].amax(0).double().mean() - a.double().mean())
