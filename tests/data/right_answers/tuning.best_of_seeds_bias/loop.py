import torch


def best_of_seeds_bias(accuracies, num, generator, draws=10000):
    n = len(accuracies)
    picks = torch.randint(0, n, (draws, num), generator=generator, device=generator.device).tolist()
    best = [max(accuracies[i] for i in row) for row in picks]
    return sum(best) / draws - sum(accuracies) / n
