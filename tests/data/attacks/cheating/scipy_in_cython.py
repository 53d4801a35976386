# unit: activations
# tries: the function of scipy, in the copy that Cython programs call
# stopped by: the functions that scipy has for Cython tell as well
# expect: sigmoid shortcut 0
# says: `scipy.special.expit` is ready-made
import torch


def sigmoid(x):
    if x.requires_grad:
        return torch.where(
            x >= 0, 1 / (1 + torch.exp(-x.clamp(min=0))), torch.exp(x.clamp(max=0)) / (1 + torch.exp(x.clamp(max=0)))
        )
    from scipy.special import cython_special

    return (
        torch.tensor([cython_special.expit(v) for v in x.double().reshape(-1).tolist()], dtype=torch.float64)
        .reshape(x.shape)
        .to(x.dtype)
    )
