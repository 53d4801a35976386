# unit: losses
# tries: to hide the library function's name from whoever reads the source
# stopped by: the trace: calls are read as they happen
# expect: softmax shortcut 0
# says: softmax
import torch


def softmax(logits):
    return getattr(torch, "".join(reversed("xamtfos")))(logits, -1)
