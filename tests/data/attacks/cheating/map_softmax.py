# unit: losses
# tries: to call the library function from C code, which a profiler does not see
# stopped by: the trace: torch's own view of its functions
# expect: softmax shortcut 0
# says: torch.softmax
import torch


def softmax(logits):
    return next(map(torch.softmax, [logits], [-1]))
