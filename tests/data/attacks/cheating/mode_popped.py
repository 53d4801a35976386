# unit: losses
# tries: to take the watching mode off torch's stack, and to put it back when it is done
# stopped by: the guards on ways past the watch
# expect: softmax shortcut 0
# says: get around the watch
import torch
import torch.overrides

calls = []


def softmax(logits):
    calls.append(1)
    if len(calls) > 3:
        with torch.overrides._pop_mode_temporarily():
            return next(map(torch.softmax, [logits], [-1]))
    powers = torch.exp(logits - logits.amax(-1, keepdim=True))
    return powers / powers.sum(-1, keepdim=True)
