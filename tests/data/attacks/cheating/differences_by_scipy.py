# unit: backprop
# tries: to have scipy take the differences
# stopped by: scipy's functions tell, and Python's library calls in the submission's name
# expect: numerical_gradient shortcut 0
# says: scipy.optimize._numdiff.approx_derivative
import torch
from scipy.optimize._numdiff import approx_derivative


def numerical_gradient(f, x, h=1e-5):
    def value(numbers):
        return float(f(torch.as_tensor(numbers, dtype=x.dtype).reshape(x.shape)))

    found = approx_derivative(value, x.reshape(-1).double().numpy(), method="3-point", abs_step=h)
    return torch.as_tensor(found, dtype=x.dtype).reshape(x.shape)
