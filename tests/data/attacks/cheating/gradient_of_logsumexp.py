# unit: losses
# tries: to have autograd make the softmax, which is the gradient of logsumexp, through torch.func
# stopped by: the list of ready-made functions: gradients are none of the operations of this exercise
# expect: softmax shortcut 0
# says: torch.func.grad
import torch


def softmax(logits):
    return torch.func.grad(lambda z: torch.logsumexp(z, -1).sum())(logits)
