# wrong: returns the standard deviation, not the weights
import math


def he_init(fan_in, fan_out, generator):
    return math.sqrt(2.0 / fan_in)
