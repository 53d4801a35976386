# wrong: takes classes for truth values
def precision(pred, labels, positive=1):
    hits = (pred.bool() & labels.bool()).sum().item()
    alarms = pred.bool().sum().item()
    return hits / alarms if alarms else 0.0
