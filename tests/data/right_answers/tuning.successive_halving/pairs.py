import math


def successive_halving(evaluate, num, budget):
    alive = [*range(num)]
    total = 0
    steps = budget
    while len(alive) > 1:
        scored = []
        for i in alive:
            scored.append((evaluate(i, steps), i))
            total += steps
        scored.sort()
        alive = [i for _, i in scored[: math.ceil(len(scored) / 2)]]
        steps = steps * 2
    return alive[0], total
