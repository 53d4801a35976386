# wrong: the mean of an empty tensor is NaN
def precision(pred, labels, positive=1):
    return (labels[pred == positive] == positive).float().mean().item()
