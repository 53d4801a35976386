# right: a mask on the moved weight
import torch
def soft_threshold(weight, threshold):
    keep = (torch.abs(weight) > threshold).to(weight.dtype)
    return keep * (weight - threshold * torch.sign(weight))
