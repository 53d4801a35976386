# wrong: divides by the number of classes instead of the batch size
import torch


def softmax_cross_entropy_backward(logits, labels):
    p = torch.stack([(row - row.max()).exp() / (row - row.max()).exp().sum() for row in logits])
    p[torch.arange(logits.shape[0]), labels] -= 1
    return p / logits.shape[1]
