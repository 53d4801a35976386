# right: log Z = max + log(sum(exp(x - max)))
import torch


def log_softmax(logits):
    m = torch.max(logits, dim=-1, keepdim=True).values
    log_z = m + torch.log(torch.sum(torch.exp(logits - m), dim=-1, keepdim=True))
    return logits - log_z
