# right: gathers the label's probability, scatters it back less one
import torch


def softmax_cross_entropy_backward(logits, labels):
    top = logits.topk(1, dim=1).values
    e = (logits - top).exp()
    p = e / e.sum(dim=1, keepdim=True)
    idx = labels.unsqueeze(-1)
    py = p.gather(1, idx)
    return p.scatter(1, idx, py - 1) / logits.shape[0]
