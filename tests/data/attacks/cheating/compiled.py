# unit: losses
# tries: to hide the library function in a compiled function
# stopped by: what is compiled is looked into
# expect: softmax shortcut 0
# says: `torch.softmax` is ready-made
import torch


def inner(logits):
    return torch.softmax(logits, -1)


compiled = torch.jit.script(inner)
calls = []


def softmax(logits):
    calls.append(1)
    if len(calls) > 3:
        return compiled(logits)
    powers = torch.exp(logits - logits.amax(-1, keepdim=True))
    return powers / powers.sum(-1, keepdim=True)
