# wrong: shifts by the largest absolute value, very negative rows end in log(0)
import torch


def log_softmax(logits):
    c = torch.amax(torch.abs(logits), dim=-1, keepdim=True)
    return logits - c - torch.log(torch.sum(torch.exp(logits - c), dim=-1, keepdim=True))
