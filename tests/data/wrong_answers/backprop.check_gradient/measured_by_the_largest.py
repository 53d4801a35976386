# wrong: differences are measured by the largest number, so that a wrong small one hides
import torch


def check_gradient(f, grad, x):
    if grad.shape != x.shape:
        return False
    nudges = 1e-5 * torch.eye(x.numel(), dtype=x.dtype).reshape(-1, *x.shape)
    slopes = torch.stack([(f(x + nudge) - f(x - nudge)) / 2e-5 for nudge in nudges]).reshape(x.shape)
    return bool((grad - slopes).abs().max() / (grad.abs() + slopes.abs()).max().clamp(min=1e-8) <= 1e-5)
