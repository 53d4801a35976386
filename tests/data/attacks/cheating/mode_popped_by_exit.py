# unit: losses
# tries: to take the watching mode off torch's stack by leaving a mode of its own that it never entered
# stopped by: the trace, which looks whether what it put in place is still there
# expect: softmax shortcut 0
# says: get around the watch
import torch
from torch.overrides import TorchFunctionMode


class Mine(TorchFunctionMode):
    def __torch_function__(self, func, types, args=(), kwargs=None):
        return func(*args, **(kwargs or {}))


calls = []


def softmax(logits):
    calls.append(1)
    if len(calls) > 3:
        Mine().__exit__(None, None, None)
        answer = next(map(torch.softmax, [logits], [-1]))
        Mine().__enter__()
        return answer
    powers = torch.exp(logits - logits.amax(-1, keepdim=True))
    return powers / powers.sum(-1, keepdim=True)
