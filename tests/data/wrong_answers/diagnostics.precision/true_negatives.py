# wrong: adds the true negatives above and below the fraction bar, which gives the accuracy
def precision(pred, labels, positive=1):
    p, l = pred == positive, labels == positive
    tp = (p & l).sum().item()
    tn = (~p & ~l).sum().item()
    return (tp + tn) / len(pred)
