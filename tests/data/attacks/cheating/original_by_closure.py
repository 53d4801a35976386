# unit: optimizers
# tries: to take a function from the closure of what tells that it is called
# stopped by: what tells cannot be looked into
# expect: adam_step failed 0
import functools

import torch
from torch.optim import adam

cells = [cell.cell_contents for cell in getattr(adam._single_tensor_adam, "__closure__", ())]
found = [each for each in cells if getattr(each, "__name__", "") == "_single_tensor_adam"]
original = functools.singledispatch(found[0] if found else lambda *args, **kwargs: None)
FLAGS = ("amsgrad", "has_complex", "maximize", "capturable", "differentiable", "decoupled_weight_decay")


def adam_step(param, grad, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    param, m, v = param.clone(), m.clone(), v.clone()
    rest = {"beta1": beta1, "beta2": beta2, "lr": lr, "weight_decay": 0, "eps": eps} | dict.fromkeys(FLAGS, False)
    original([param], [grad], [m], [v], [], [torch.tensor(float(t - 1))], None, None, **rest)
    return param, m, v
