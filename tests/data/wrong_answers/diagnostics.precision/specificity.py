# wrong: the precision of all other classes together
def precision(pred, labels, positive=1):
    others = pred != positive
    return (others & (labels != positive)).sum().item() / max(others.sum().item(), 1)
