# unit: losses
# tries: to listen on a socket in the file system for the workers of friends
# stopped by: seccomp, Landlock
# expect: softmax crashed 0
# says: use the network
import os
import socket

import torch


def softmax(logits):
    with socket.socket(socket.AF_UNIX) as sock:
        sock.bind("/tmp/backpass-attack-local_socket")
    powers = torch.exp(logits - logits.amax(-1, keepdim=True))
    return powers / powers.sum(-1, keepdim=True)
