# unit: losses
# tries: to fill the memory step by step (2 GiB here, where 1 is allowed)
# stopped by: the limit on memory
# expect: softmax crashed 0
# says: memory
import torch

hoard = []
for _ in range(64):
    hoard.append(torch.empty(2**23))


def softmax(logits):
    powers = torch.exp(logits - logits.amax(-1, keepdim=True))
    return powers / powers.sum(-1, keepdim=True)
