# right: 1 / sum_j exp(z_j - z_i)
import torch


def softmax(logits):
    diff = logits.unsqueeze(-2) - logits.unsqueeze(-1)
    return 1 / torch.logsumexp(diff, dim=-1).exp()
