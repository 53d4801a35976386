# unit: losses
# tries: to change the limits of the process that it was forked from (to what they are, here)
# stopped by: seccomp
# expect: softmax crashed 0
# says: PermissionError
import os
import resource

import torch


def softmax(logits):
    resource.prlimit(os.getppid(), resource.RLIMIT_CORE)
    powers = torch.exp(logits - logits.amax(-1, keepdim=True))
    return powers / powers.sum(-1, keepdim=True)
