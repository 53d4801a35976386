# unit: losses
# tries: to have the kernel send signals for it, by making another process the owner of its socket
# stopped by: Landlock's scope; where it is off, nothing more than a signal when there is input
# expect: softmax passed 10
import fcntl
import os

import torch

try:
    fcntl.fcntl(3, fcntl.F_SETOWN, os.getppid())
    fcntl.fcntl(3, 10, 0)
except OSError:
    pass


def softmax(logits):
    powers = torch.exp(logits - logits.amax(-1, keepdim=True))
    return powers / powers.sum(-1, keepdim=True)
