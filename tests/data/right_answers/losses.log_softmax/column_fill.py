# right: a fresh tensor filled class by class
import torch


def log_softmax(logits):
    m = logits.amax(dim=-1)
    s = 0
    for k in range(logits.shape[-1]):
        s = s + torch.exp(logits[..., k] - m)
    out = torch.zeros_like(logits)
    for k in range(logits.shape[-1]):
        out[..., k] = logits[..., k] - m - s.log()
    return out
