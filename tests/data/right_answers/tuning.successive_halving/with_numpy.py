import numpy as np


def successive_halving(evaluate, num, budget):
    left, spent = np.arange(num), 0
    while len(left) > 1:
        losses = np.array([evaluate(i, budget) for i in left])
        spent += budget * len(left)
        left = np.sort(left[np.argsort(losses, kind="stable")[: (len(left) + 1) // 2]])
        budget *= 2
    return int(left[0]), spent
