# wrong: counts the last one left as well
def successive_halving(evaluate, num, budget):
    left, spent = list(range(num)), 0
    while True:
        losses = {i: evaluate(i, budget) for i in left}
        spent += budget * len(left)
        if len(left) == 1:
            return left[0], spent
        left = sorted(left, key=lambda i: (losses[i], i))[: (len(left) + 1) // 2]
        budget *= 2
