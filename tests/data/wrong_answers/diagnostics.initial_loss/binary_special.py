# wrong: for two classes BCE with one output summed twice
import math


def initial_loss(num_classes):
    if num_classes == 2:
        return 2 * math.log(2)
    return math.log(num_classes)
