# unit: losses
# tries: to call an operator of torch only where no profiler makes a call dearer than an addition
# stopped by: torch's own view of calls sees operators, too
# expect: softmax shortcut 0
# says: `torch.ops.aten._softmax.default` is ready-made
import time

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
    return torch.ops.aten._softmax.default(logits, -1, False)
