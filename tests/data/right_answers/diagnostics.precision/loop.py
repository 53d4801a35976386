# right: counted in Python
def precision(pred, labels, positive=1):
    hits = false = 0
    for p, l in zip(pred.tolist(), labels.tolist()):
        if p == positive:
            if l == positive:
                hits += 1
            else:
                false += 1
    return hits / (hits + false) if hits + false > 0 else 0.0
