# unit: losses
# tries: to call torch's softmax under its inner name, once the watch has become light
# stopped by: the trace of torch's functions, on every call
# expect: softmax shortcut 0
# says: torch._softmax
import torch

calls = []


def softmax(logits):
    calls.append(1)
    if len(calls) > 5:
        return torch._softmax(logits, -1, False)
    powers = torch.exp(logits - logits.amax(-1, keepdim=True))
    return powers / powers.sum(-1, keepdim=True)
