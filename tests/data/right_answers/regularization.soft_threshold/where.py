# right: three ranges
import torch
def soft_threshold(weight, threshold):
    zero = torch.zeros_like(weight)
    return torch.where(weight > threshold, weight - threshold, torch.where(weight < -threshold, weight + threshold, zero))
