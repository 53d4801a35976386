# wrong: a list of lists
def confusion_matrix(pred, labels, num_classes):
    return [[int(((labels == t) & (pred == p)).sum()) for p in range(num_classes)] for t in range(num_classes)]
