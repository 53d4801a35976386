import torch


def best_of_seeds_bias(accuracies, num, generator, draws=10000):
    a = torch.tensor(accuracies, dtype=torch.float64, device=generator.device)
    index = torch.multinomial(torch.ones(len(a), device=a.device), draws * num, replacement=True, generator=generator)
    return (a[index].view(draws, num).max(dim=1).values.mean() - a.mean()).item()
