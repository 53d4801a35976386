# wrong: stops a parameter at 0 when the step crosses it
import torch


def sgd_step(param, grad, lr):
    new = param - lr * grad
    return torch.where(param * new < 0, torch.zeros_like(new), new)
