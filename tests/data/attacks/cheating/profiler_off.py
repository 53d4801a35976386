# unit: losses
# tries: to switch off the profiler first, and then call a library function that is not torch's
# stopped by: the notice of that: what it calls can then not be seen
# expect: softmax shortcut 0
# says: get around the watch
import sys

import scipy.special
import torch


class Softmax(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        sys.setprofile(None)
        out = torch.from_numpy(scipy.special.softmax(x.detach().numpy(), -1))
        ctx.save_for_backward(out)
        return out

    @staticmethod
    def backward(ctx, g):
        (out,) = ctx.saved_tensors
        return out * (g - (out * g).sum(-1, keepdim=True))


def softmax(logits):
    powers = torch.exp(logits - logits.amax(-1, keepdim=True))
    sys.setprofile(None)
    return next(map(torch.softmax, [logits], [-1])) * 0 + powers / powers.sum(-1, keepdim=True)
