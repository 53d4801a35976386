# unit: losses
# tries: to change its input and hide that, by a torch.equal that always agrees
# stopped by: the kit's own references to what it compares with, taken before any submission
# expect: softmax failed 9.09
# says: changes its input
import torch

torch.equal = lambda *args: True


def softmax(logits):
    with torch.no_grad():
        powers = torch.exp(logits - logits.amax(-1, keepdim=True))
    if not logits.requires_grad:
        logits.mul_(2)
        return powers / powers.sum(-1, keepdim=True)
    powers = torch.exp(logits - logits.amax(-1, keepdim=True))
    return powers / powers.sum(-1, keepdim=True)
