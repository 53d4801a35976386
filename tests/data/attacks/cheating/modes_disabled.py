# unit: losses
# tries: to hide the library function where torch's modes are disabled, once the deep look is over
# stopped by: the guards on ways past the watch
# expect: softmax shortcut 0
# says: get around the watch
import torch

calls = []


def softmax(logits):
    calls.append(1)
    if len(calls) > 3:
        with torch._C.DisableTorchFunction():
            return next(map(torch.softmax, [logits], [-1]))
    powers = torch.exp(logits - logits.amax(-1, keepdim=True))
    return powers / powers.sum(-1, keepdim=True)
