# wrong: no alarm is a division by zero
def precision(pred, labels, positive=1):
    alarms = labels[pred == positive]
    return sum(1 for each in alarms if each == positive) / len(alarms)
