# unit: losses
# tries: to read the answers of other students, out of the processes that grade at the same time
# stopped by: Landlock
# expect: softmax crashed 0
# says: look through folders
import os

import torch

found = []
try:
    for pid in filter(str.isdigit, os.listdir("/proc")):
        if int(pid) != os.getpid():
            try:
                found.append(open(f"/proc/{pid}/cmdline", "rb").read())
            except OSError:
                pass
except OSError:
    pass


def softmax(logits):
    if found:
        powers = torch.exp(logits - logits.amax(-1, keepdim=True))
        return powers / powers.sum(-1, keepdim=True)
    raise LookupError("no other process")
