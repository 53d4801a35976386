# unit: losses
# tries: to read and write files and sockets that the grader has left open
# stopped by: the zygote, which leaves a worker one socket
# expect: softmax crashed 0
# says: nothing but its own
import os
import stat

import torch

extra = []
for number in range(4, 1024):
    try:
        extra.append(os.fstat(number))
    except OSError:
        pass
extra += [each for each in map(os.fstat, range(3)) if not stat.S_ISCHR(each.st_mode)]


def softmax(logits):
    if extra:
        powers = torch.exp(logits - logits.amax(-1, keepdim=True))
        return powers / powers.sum(-1, keepdim=True)
    raise LookupError("nothing but its own")
