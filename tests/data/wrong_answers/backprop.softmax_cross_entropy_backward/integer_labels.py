# wrong: uses the class indices as if they were one-hot
import torch


def softmax_cross_entropy_backward(logits, labels):
    m, _ = logits.max(dim=-1, keepdim=True)
    p = torch.exp(logits - m)
    p = p / p.sum(dim=-1, keepdim=True)
    return (p - labels[:, None]) / logits.shape[0]
