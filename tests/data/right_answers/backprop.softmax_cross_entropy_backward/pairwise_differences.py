# right: one over the sum of exp of the differences of the logits, which may be infinite
import torch


def softmax_cross_entropy_backward(logits, labels):
    diff = logits[:, None, :] - logits[:, :, None]
    p = 1 / torch.exp(diff).sum(-1)
    hot = labels[:, None] == torch.arange(logits.shape[1])[None, :]
    return torch.where(hot, p - 1, p) / logits.shape[0]
