# unit: losses
# tries: to fill the memory, to hold on to it, and to go on in what is left
# stopped by: the limit on memory
# expect: softmax crashed 0
import mmap

import torch

hoard, size, total = [], 2**26, 0
while size > 4096 and total < 2**31:
    try:
        hoard.append(mmap.mmap(-1, size))
        total += size
    except (MemoryError, OSError):
        size //= 2


def softmax(logits):
    if total < 2**31:
        hoard.append(torch.zeros(2**26))
    powers = torch.exp(logits - logits.amax(-1, keepdim=True))
    return powers / powers.sum(-1, keepdim=True)
