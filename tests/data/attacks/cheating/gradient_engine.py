# unit: backprop
# tries: to have autograd do the work, through the one method of its engine, called from C code
# stopped by: the guards on ways past the watch
# expect: linear_backward shortcut 0
# says: get around the watch
import functools

import torch


def linear_backward(grad_out, x, weight):
    x, weight = x.clone().requires_grad_(), weight.clone().requires_grad_()
    bias = torch.zeros(weight.shape[0], dtype=x.dtype, requires_grad=True)
    out = x @ weight.T + bias
    run = functools.partial(torch.autograd.Variable._execution_engine.run_backward, (out,), (grad_out,), False, False)
    return tuple(run((x, weight, bias), allow_unreachable=True, accumulate_grad=False))
