# wrong: half, rounded down
def successive_halving(evaluate, num, budget):
    left, spent = list(range(num)), 0
    while len(left) > 1:
        scored = sorted((evaluate(i, budget), i) for i in left)
        spent += budget * len(left)
        left = [i for _, i in scored[: len(left) // 2]]
        budget *= 2
    return left[0], spent
