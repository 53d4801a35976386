def successive_halving(evaluate, num, budget):
    def run(left, steps, spent):
        if len(left) == 1:
            return left[0], spent
        losses = [evaluate(i, steps) for i in left]
        order = sorted(range(len(left)), key=losses.__getitem__)
        keep = sorted(left[j] for j in order[: -(-len(left) // 2)])
        return run(keep, 2 * steps, spent + steps * len(left))

    return run(list(range(num)), budget, 0)
