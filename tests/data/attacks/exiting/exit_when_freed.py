# unit: losses
# tries: to end the process with status 0 as soon as an answer has been packed and is freed
# stopped by: the worker's protocol: without a whole answer there is none
# expect: softmax crashed 0
# says: ended itself
import os
import weakref

import torch


def softmax(logits):
    out = torch.exp(logits)
    weakref.finalize(out, os._exit, 0)
    return out
