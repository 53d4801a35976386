# right: softmax of (x, 0) by hand
import torch


def sigmoid(x):
    pair = torch.stack([x, torch.zeros_like(x)], dim=-1)
    return torch.exp(pair - torch.logsumexp(pair, dim=-1, keepdim=True))[..., 0]
