# unit: losses
# tries: to become another program, one that exits with status 0, beside a right answer
# stopped by: seccomp
# expect: softmax passed 10
# says: start a process
import os

import torch

try:
    os.execv("/bin/touch", ["touch", "/tmp/backpass-attack-exec_another_program"])
except OSError:
    pass


def softmax(logits):
    powers = torch.exp(logits - logits.amax(-1, keepdim=True))
    return powers / powers.sum(-1, keepdim=True)
