# wrong: reshape gives a view of the caller's tensor, and sub_ writes through it
import torch


def softmax(logits):
    x = logits.reshape(-1, logits.shape[-1])
    x.sub_(x.max(dim=1, keepdim=True).values)
    e = torch.exp(x)
    return (e / e.sum(dim=1, keepdim=True)).reshape(logits.shape)
