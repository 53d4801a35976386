# wrong: one of the two maxima is detached and the other is not, so they do not cancel in the gradient
import torch


def log_softmax(logits):
    m = logits.amax(dim=-1, keepdim=True)
    total = torch.exp(logits - m.detach()).sum(dim=-1, keepdim=True)
    return logits - (m + torch.log(total))
