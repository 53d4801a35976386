# unit: losses
# tries: to call the operator below the library function
# stopped by: the trace
# expect: softmax shortcut 0
# says: torch.ops.aten
import torch


def softmax(logits):
    return torch.ops.aten._softmax(logits, -1, False)
