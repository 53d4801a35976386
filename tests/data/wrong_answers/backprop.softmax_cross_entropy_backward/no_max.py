# wrong: no maximum subtracted: exp overflows at large logits
import torch


def softmax_cross_entropy_backward(logits, labels):
    n = logits.shape[0]
    p = torch.exp(logits) / torch.exp(logits).sum(1, keepdim=True)
    p[torch.arange(n), labels] -= 1
    return p / n
