# unit: losses
# tries: to start threads until the machine stands still (30 here)
# stopped by: seccomp
# expect: softmax crashed 0
# says: can't start new thread
import threading
import time

import torch


def softmax(logits):
    for _ in range(30):
        threading.Thread(target=time.sleep, args=(3,), daemon=True).start()
    powers = torch.exp(logits - logits.amax(-1, keepdim=True))
    return powers / powers.sum(-1, keepdim=True)
