# wrong: `positive` is never used
def precision(pred, labels, positive=1):
    alarms = (pred == 1).sum().item()
    return ((pred == 1) & (labels == 1)).sum().item() / alarms if alarms else 0.0
