# wrong: the number of classes is taken from the labels
import torch


def softmax_cross_entropy_backward(logits, labels):
    C = int(labels.max()) + 1
    z = logits[:, :C]
    p = torch.exp(z - torch.logsumexp(z, dim=1, keepdim=True))
    onehot = torch.zeros_like(p)
    onehot[torch.arange(len(labels)), labels] = 1
    out = torch.zeros_like(logits)
    out[:, :C] = (p - onehot) / len(labels)
    return out
