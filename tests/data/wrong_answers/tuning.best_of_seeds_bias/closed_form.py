# wrong: no samples at all
def best_of_seeds_bias(accuracies, num, generator, draws=10000):
    a, n = sorted(accuracies), len(accuracies)
    best = sum(x * (((i + 1) / n) ** num - (i / n) ** num) for i, x in enumerate(a))
    return best - sum(a) / n
