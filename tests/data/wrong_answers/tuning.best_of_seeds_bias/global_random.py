# wrong: the global generator
import random


def best_of_seeds_bias(accuracies, num, generator, draws=10000):
    best = sum(max(random.choices(accuracies, k=num)) for _ in range(draws)) / draws
    return best - sum(accuracies) / len(accuracies)
