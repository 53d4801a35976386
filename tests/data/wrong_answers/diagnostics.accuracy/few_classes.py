# wrong: classes are written out by hand, and there are more than six
def accuracy(pred, labels):
    right = 0
    for positive in range(6):
        right += ((pred == positive) & (labels == positive)).sum().item()
    return right / len(labels)
