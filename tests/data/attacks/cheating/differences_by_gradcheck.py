# unit: backprop
# tries: to have torch's own check of gradients take the differences, through Python's library
# stopped by: its functions tell
# expect: numerical_gradient shortcut 0
# says: torch.autograd.gradcheck
import functools
import importlib

gradcheck = importlib.import_module("torch.autograd.gradcheck")
jacobian = functools.singledispatch(gradcheck.get_numerical_jacobian_wrt_specific_input)


def numerical_gradient(f, x, h=1e-5):
    x = x.clone().requires_grad_()
    return jacobian(lambda v: f(v).reshape(1), 0, (x,), (f(x).reshape(1),), h)[0].reshape(x.shape).detach()
