"""What expressions of mistakes.toml need and cannot say themselves."""


def halving(evaluate, num, budget, keep=lambda n: (n + 1) // 2, grow=lambda steps: 2 * steps, rank=None, until=1):
    """What is left, and the steps of all evaluations; `keep(n)` of n stay, by (loss, index) or `rank(loss, index)`."""
    rank = rank or (lambda loss, index: (loss, index))
    left, spent = list(range(num)), 0
    while len(left) > until:
        ranked = sorted((rank(evaluate(i, budget), i), i) for i in left)
        spent += budget * len(left)
        left = [i for _, i in ranked][: keep(len(left))]
        budget = grow(budget)
    return left, spent


def first_round(evaluate, num, budget):
    """Who is left, and what it cost, when all are evaluated once."""
    return [min(range(num), key=lambda i: (evaluate(i, budget), i))] if num > 1 else [0], num * budget * (num > 1)
