"""What expressions of mistakes.toml need and cannot say themselves."""


def halving(evaluate, num, budget, keep=lambda n: (n + 1) // 2, grow=lambda steps: 2 * steps, rank=None, until=1):
    """What is left, the steps of all evaluations, and of each round who stays, what it costs, and the next one's steps.

    `keep(n)` of n stay, by (loss, index) or `rank(loss, index)`.
    """
    rank = rank or (lambda loss, index: (loss, index))
    left, spent, rounds = list(range(num)), 0, []
    while len(left) > until:
        ranked = sorted((rank(evaluate(i, budget), i), i) for i in left)
        cost = budget * len(left)
        spent += cost
        left = [i for _, i in ranked][: keep(len(left))]
        budget = grow(budget)
        rounds.append((left, cost, budget))
    return left, spent, rounds


def first_round(evaluate, num, budget):
    """Who is left, and what it cost, when all are evaluated once."""
    best = min(range(num), key=lambda i: (evaluate(i, budget), i)) if num > 1 else 0
    return [best], num * budget * (num > 1), []
