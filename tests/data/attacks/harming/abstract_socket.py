# unit: losses
# tries: to listen on an abstract socket for the workers of friends
# stopped by: seccomp
# expect: softmax crashed 0
# says: use the network
import os
import socket

import torch


def softmax(logits):
    with socket.socket(socket.AF_UNIX) as sock:
        sock.bind("\0backpass-attack-%d" % os.getpid())
    powers = torch.exp(logits - logits.amax(-1, keepdim=True))
    return powers / powers.sum(-1, keepdim=True)
