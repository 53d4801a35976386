# wrong: a tensor is returned
def precision(pred, labels, positive=1):
    alarms = pred == positive
    if not alarms.any():
        return 0.0
    return (labels[alarms] == positive).float().mean()
