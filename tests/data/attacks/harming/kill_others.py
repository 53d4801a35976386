# unit: losses
# tries: to send signals to the grader, the zygote and other students' workers (signal 0, which only asks)
# stopped by: seccomp, and Landlock's scope
# expect: softmax crashed 0
# says: send a signal
import os

import torch

reached = []
for pid in [os.getppid(), *range(1, 3000)]:
    if pid != os.getpid():
        try:
            os.kill(pid, 0)
            reached.append(pid)
        except OSError:
            pass


def softmax(logits):
    if reached:
        powers = torch.exp(logits - logits.amax(-1, keepdim=True))
        return powers / powers.sum(-1, keepdim=True)
    raise ProcessLookupError("nobody to be reached")
