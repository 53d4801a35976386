# wrong: writes into its input
import torch
def soft_threshold(weight, threshold):
    return weight.mul_((weight.abs() > threshold)).sub_(weight.sign() * threshold)
