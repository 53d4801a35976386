# wrong: best of the first round
def successive_halving(evaluate, num, budget):
    losses = [evaluate(i, budget) for i in range(num)]
    return losses.index(min(losses)), num * budget
