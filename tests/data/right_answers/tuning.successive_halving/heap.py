import heapq


def successive_halving(evaluate, num, budget):
    left, spent = set(range(num)), 0
    while len(left) > 1:
        heap = [(evaluate(i, budget), i) for i in left]
        spent += len(heap) * budget
        left = {i for _, i in heapq.nsmallest((len(heap) + 1) // 2, heap)}
        budget += budget
    (winner,) = left
    return winner, spent
