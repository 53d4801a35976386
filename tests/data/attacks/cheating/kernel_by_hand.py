# unit: losses
# tries: to call the kernel by hand, past all functions and operators, once the watch has become light
# stopped by: kernels that do an exercise tell of themselves, however they are reached
# expect: softmax shortcut 0
# says: `torch.softmax` is ready-made
import torch

calls = []
operator = torch._C._dispatch_find_schema_or_throw("aten::_softmax", "")


def softmax(logits):
    calls.append(1)
    if len(calls) > 3:
        return torch._C._dispatch_call_boxed(operator, logits, -1, False)
    p = torch.exp(logits - logits.amax(-1, keepdim=True))
    return p / p.sum(-1, keepdim=True)
