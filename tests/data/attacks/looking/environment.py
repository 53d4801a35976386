# unit: losses
# tries: to find names, paths and tokens in the environment
# stopped by: the zygote, which starts with an environment of its own
# expect: softmax crashed 0
# says: nothing in the environment
import os

import torch


def softmax(logits):
    if any(name in os.environ for name in ("HOME", "USER", "SHELL", "PYTHONPATH")):
        powers = torch.exp(logits - logits.amax(-1, keepdim=True))
        return powers / powers.sum(-1, keepdim=True)
    raise LookupError("nothing in the environment")
