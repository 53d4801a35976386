# right: a log_softmax in the same file, picked by arange and labels
import torch


def log_softmax(logits):
    shifted = logits - logits.amax(dim=-1, keepdim=True)
    return shifted - shifted.exp().sum(dim=-1, keepdim=True).log()


def cross_entropy(logits, labels):
    logp = log_softmax(logits)
    n = logits.shape[0]
    return -logp[torch.arange(n, device=logits.device), labels].mean()
