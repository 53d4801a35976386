# wrong: the false discovery rate
def precision(pred, labels, positive=1):
    wrong = ((pred == positive) & (labels != positive)).sum().item()
    return wrong / max((pred == positive).sum().item(), 1)
