# wrong: counts only the steps that come on top
def successive_halving(evaluate, num, budget):
    left, spent, before = list(range(num)), 0, 0
    while len(left) > 1:
        losses = {i: evaluate(i, budget) for i in left}
        spent += (budget - before) * len(left)
        before = budget
        left = sorted(left, key=lambda i: (losses[i], i))[: (len(left) + 1) // 2]
        budget *= 2
    return left[0], spent
