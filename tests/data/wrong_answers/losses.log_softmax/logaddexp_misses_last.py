# wrong: the loop stops one class early
import torch


def log_softmax(logits):
    total = logits[..., 0]
    for c in range(1, logits.shape[-1] - 1):
        total = torch.logaddexp(total, logits[..., c])
    return logits - total[..., None]
