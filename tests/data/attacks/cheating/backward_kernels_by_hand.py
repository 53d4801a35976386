# unit: backprop
# tries: to have autograd's own kernels do the work, called by hand
# stopped by: kernels tell however they are reached: those of autograd, too, where its engine does not call them
# expect: relu_backward shortcut 0
# expect: sigmoid_backward shortcut 0
# expect: tanh_backward shortcut 0
# says: `torch.sigmoid_backward` is ready-made
import torch


def by_hand(name, like, *args):
    return torch.library.get_kernel(f"aten::{name}", "CPU").call_boxed(torch._C._dispatch_keys(like), *args)


def relu_backward(grad_out, x):
    return by_hand("threshold_backward", x, grad_out, x, 0)


def sigmoid_backward(grad_out, out):
    return by_hand("sigmoid_backward", out, grad_out, out)


def tanh_backward(grad_out, out):
    return by_hand("tanh_backward", out, grad_out, out)
