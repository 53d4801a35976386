# right: one-hot by comparing with arange
import torch


def softmax_cross_entropy_backward(logits, labels):
    classes = torch.arange(logits.size(1), device=logits.device)
    y = (labels.unsqueeze(1) == classes.unsqueeze(0)).to(logits.dtype)
    m, _ = torch.max(logits, dim=1, keepdim=True)
    num = torch.exp(logits - m)
    return (num / torch.sum(num, dim=1, keepdim=True) - y) / labels.numel()
