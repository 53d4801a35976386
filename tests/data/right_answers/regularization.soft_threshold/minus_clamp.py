# right: what is cut off at the threshold is taken away
def soft_threshold(weight, threshold):
    return weight - weight.clamp(-threshold, threshold)
