# right: by way of the logarithm
import math


def exponential_decay(step, base_lr, gamma):
    return math.exp(math.log(base_lr) + step * math.log(gamma))
