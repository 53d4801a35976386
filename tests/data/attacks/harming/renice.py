# unit: losses
# tries: to slow the grader down by its priority (to what it is, here)
# stopped by: seccomp
# expect: softmax crashed 0
# says: PermissionError
import os

import torch


def softmax(logits):
    pid = os.getppid()
    os.setpriority(os.PRIO_PROCESS, pid, os.getpriority(os.PRIO_PROCESS, pid))
    powers = torch.exp(logits - logits.amax(-1, keepdim=True))
    return powers / powers.sum(-1, keepdim=True)
