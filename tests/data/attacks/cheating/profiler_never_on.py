# unit: losses
# tries: to keep the profiler from being switched on, by a sys.setprofile that does nothing
# stopped by: the kit's own reference to that function, taken before any submission
# expect: softmax shortcut 0
# says: scipy.special
import sys

import scipy.special
import torch

sys.setprofile = lambda function: None


def softmax(logits):
    scipy.special.softmax(logits.detach().numpy(), -1)
    powers = torch.exp(logits - logits.amax(-1, keepdim=True))
    return powers / powers.sum(-1, keepdim=True)
