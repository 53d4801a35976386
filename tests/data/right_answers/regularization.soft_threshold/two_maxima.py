# right: two one-sided parts
import torch
def soft_threshold(weight, threshold):
    zero = torch.zeros((), dtype=weight.dtype, device=weight.device)
    return torch.maximum(weight - threshold, zero) + torch.minimum(weight + threshold, zero)
