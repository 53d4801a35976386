import torch


def successive_halving(evaluate, num, budget):
    left, spent = torch.arange(num), 0
    while len(left) > 1:
        losses = torch.tensor([evaluate(i, budget) for i in left], dtype=torch.float64)
        spent += budget * len(left)
        left = left[losses.argsort(stable=True)[: -(-len(left) // 2)].sort().values]
        budget *= 2
    return left[0].item(), spent
