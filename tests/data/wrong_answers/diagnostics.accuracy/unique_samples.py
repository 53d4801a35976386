# wrong: duplicates removed
def accuracy(pred, labels):
    pairs = set(zip(pred.tolist(), labels.tolist()))
    return sum(p == q for p, q in pairs) / len(pairs)
