# unit: losses
# tries: to read memory, environment and open files of the process that it was forked from
# stopped by: Landlock
# expect: softmax crashed 0
# says: open the file /proc/
import os

import torch

found = []
for pid in (os.getppid(), 1, "self"):
    for name in ("environ", "maps", "mem", "cmdline"):
        try:
            with open(f"/proc/{pid}/{name}", "rb") as file:
                file.read(0)
            found.append((pid, name))
        except OSError:
            pass


def softmax(logits):
    if found:
        powers = torch.exp(logits - logits.amax(-1, keepdim=True))
        return powers / powers.sum(-1, keepdim=True)
    raise LookupError("nothing to be read")
