# wrong: divides the logits by their sum instead of taking exp
import torch


def softmax_cross_entropy_backward(logits, labels):
    p = logits.abs() / logits.abs().sum(1, keepdim=True)
    for i, y in enumerate(labels.tolist()):
        p[i, y] -= 1
    return p / len(p)
