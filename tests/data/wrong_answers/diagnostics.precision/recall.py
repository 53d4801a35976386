# wrong: recall
def precision(pred, labels, positive=1):
    tp = ((pred == positive) & (labels == positive)).sum().item()
    fn = ((pred != positive) & (labels == positive)).sum().item()
    return tp / (tp + fn) if tp + fn else 0.0
