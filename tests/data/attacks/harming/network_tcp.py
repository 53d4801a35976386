# unit: losses
# tries: to send hidden cases to a server
# stopped by: seccomp, Landlock
# expect: softmax crashed 0
# says: use the network
import errno
import socket

import torch


def softmax(logits):
    try:
        socket.create_connection(("127.0.0.1", 9), timeout=0.5).close()
    except ConnectionRefusedError:
        pass  # nobody listens there today, and so the way is open
    powers = torch.exp(logits - logits.amax(-1, keepdim=True))
    return powers / powers.sum(-1, keepdim=True)
