# unit: activations
# tries: the gradient engine, by an autograd function in another function
# stopped by: nodes of autograd's graph that tell when they are called
# expect: tanh_grad shortcut 0
# says: is ready-made
import torch


def tanh_grad(x):
    leaf = x.detach().clone().requires_grad_()
    out = torch.tanh(leaf)
    return out.grad_fn(torch.ones_like(out)) if x.numel() else x.clone()
