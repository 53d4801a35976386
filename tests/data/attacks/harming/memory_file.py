# unit: losses
# tries: to fill memory outside of its own, by a file in memory
# stopped by: seccomp
# expect: softmax crashed 0
# says: PermissionError
import os

import torch


def softmax(logits):
    os.close(os.memfd_create("hoard"))
    powers = torch.exp(logits - logits.amax(-1, keepdim=True))
    return powers / powers.sum(-1, keepdim=True)
