# unit: losses
# tries: to call a function of scipy only where no profiler makes a call dearer than an addition
# stopped by: scipy's library functions tell of themselves
# expect: softmax shortcut 0
# says: `scipy.special.softmax` is ready-made
import time

import scipy.special
import torch

calls = 0


def with_calls():
    call = [].clear
    for _ in range(400):
        call()


def without():
    number = 0
    for _ in range(400):
        number += 1


def seconds(step):
    times = []
    for _ in range(6):
        start = time.perf_counter()
        step()
        times.append(time.perf_counter() - start)
    return min(times)


def softmax(logits):
    global calls
    calls += 1
    if calls <= 3 or logits.requires_grad or seconds(with_calls) > 8 * seconds(without):
        p = torch.exp(logits - logits.amax(-1, keepdim=True))
        return p / p.sum(-1, keepdim=True)
    return torch.from_numpy(scipy.special.softmax(logits.numpy(), -1))
