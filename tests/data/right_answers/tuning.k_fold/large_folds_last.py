import torch


def k_fold(num_samples, k, generator):
    keys = torch.rand(num_samples, generator=generator, dtype=torch.float64, device=generator.device)
    order = keys.argsort()
    cuts = [round(i * num_samples / k) for i in range(k + 1)]
    pairs = []
    for a, b in zip(cuts, cuts[1:]):
        val = set(order[a:b].tolist())
        train = torch.tensor([i for i in range(num_samples) if i not in val], device=order.device)
        pairs.append([train, order[a:b]])
    return pairs
