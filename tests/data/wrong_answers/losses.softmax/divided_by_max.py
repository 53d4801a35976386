# wrong: divides by the maximum in place of subtracting it
import torch


def softmax(logits):
    scaled = logits / logits.amax(dim=-1, keepdim=True)
    e = torch.exp(scaled)
    return e / e.sum(dim=-1, keepdim=True)
