# wrong: a vector is made a matrix of one row and stays one
import torch


def log_softmax(logits):
    x = logits
    if x.dim() == 1:
        x = x.unsqueeze(0)
    return x - torch.logsumexp(x, dim=-1, keepdim=True)
