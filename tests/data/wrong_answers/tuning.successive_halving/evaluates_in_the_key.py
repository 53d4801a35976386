# wrong: evaluates in the comparison and again for the winner
def successive_halving(evaluate, num, budget):
    left, spent = list(range(num)), 0
    while len(left) > 1:
        best = min(evaluate(i, budget) for i in left)
        left_sorted = sorted(left, key=lambda i: (evaluate(i, budget), i))
        spent += budget * len(left)
        left = left_sorted[: (len(left) + 1) // 2]
        budget *= 2
    return left[0], spent
