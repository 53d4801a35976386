# unit: losses
# tries: to call torch's own description of softmax in Python
# stopped by: the profiler, and the list of shortcuts
# expect: softmax shortcut 0
import torch._refs


def softmax(logits):
    return torch._refs.softmax(logits, -1)
