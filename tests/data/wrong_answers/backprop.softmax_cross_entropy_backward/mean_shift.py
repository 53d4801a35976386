# wrong: subtracts the row mean for stability, which does not bound exp
import torch


def softmax_cross_entropy_backward(logits, labels):
    z = logits - logits.mean(dim=1, keepdim=True)
    e = z.exp()
    p = e / e.sum(dim=1, keepdim=True)
    y = torch.eye(z.shape[1], dtype=z.dtype)[labels]
    return (p - y) / z.shape[0]
