"""Other right answers of the unit initialization, each with what to say of its convention."""

import torch

from backpass.judging.variants import accepted


@accepted("initialization.layer_stds")
def biased(x, weights):
    """Right, with the biased standard deviation, divided by the number of values."""
    result = []
    for weight in weights:
        x = (x @ weight.T).clamp(min=0)
        result.append(x.std(unbiased=False).item())
    return result


@accepted("initialization.layer_grad_stds")
def biased_gradient(grad, weights, preactivations):
    """Right, with the biased standard deviation, divided by the number of values."""
    result = []
    for weight, z in zip(weights[::-1], preactivations[::-1], strict=True):
        grad = torch.where(z > 0, grad, 0.0) @ weight
        result.append(grad.std(unbiased=False).item())
    return result
