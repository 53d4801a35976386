"""Reference solutions of the unit backprop."""

from collections.abc import Callable

import torch
from torch import Tensor


def numerical_gradient(f: Callable[[Tensor], Tensor], x: Tensor, h: float = 1e-5) -> Tensor:
    """Central differences (f(x + h) - f(x - h)) / 2h, one element of x at a time."""
    # Each row of the unit matrix, in the shape of x, is a step that moves one element and no other. The errors of
    # both sides that grow with h cancel in the difference; h^2 / 6 times the third derivative is left.
    steps = h * torch.eye(x.numel(), dtype=x.dtype, device=x.device).reshape(-1, *x.shape)
    slopes = [(f(x + step) - f(x - step)) / (2 * h) for step in steps]
    return torch.stack(slopes).reshape(x.shape)


def relative_error(a: Tensor, b: Tensor) -> float:
    """Largest of abs(a - b) / (abs(a) + abs(b)) over all elements: 0 where they agree, 1 for opposite signs."""
    # The difference alone says little: 1e-4 is nothing between gradients of 100, and all of a gradient of 1e-4.
    # Two zeros agree, and the floor under the denominator says so where 0 / 0 would be NaN.
    return ((a - b).abs() / (a.abs() + b.abs()).clamp(min=1e-8)).max().item()


def check_gradient(f: Callable[[Tensor], Tensor], grad: Tensor, x: Tensor) -> bool:
    """Whether `grad` is the gradient of f at x: of its shape, and within 1e-5 of central differences."""
    # Shapes first: torch would stretch (2,) to (2, 2) and compare what nobody meant. A NaN makes the error NaN,
    # which is not at most anything, so it is rejected too.
    return grad.shape == x.shape and relative_error(grad, numerical_gradient(f, x)) <= 1e-5


def linear_backward(grad_out: Tensor, x: Tensor, weight: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Gradients of `x @ weight.T + bias`: grad_x (N, D), grad_weight (out, D), grad_bias (out,)."""
    # The weight and the bias serve every sample, so their gradients add up over the batch. There is no 1/N:
    # a mean in the loss has put it into grad_out already.
    return grad_out @ weight, grad_out.T @ x, grad_out.sum(dim=0)


def relu_backward(grad_out: Tensor, x: Tensor) -> Tensor:
    """Gradient with respect to x of relu(x): grad_out where x is positive, 0 elsewhere."""
    # At 0 there is a corner and no slope; 0 is the convention.
    return grad_out * (x > 0)


def sigmoid_backward(grad_out: Tensor, out: Tensor) -> Tensor:
    """Gradient with respect to x of out = sigmoid(x)."""
    # The slope s (1 - s) is written with the output, so x need not be kept and no exp is computed again.
    return grad_out * out * (1 - out)


def tanh_backward(grad_out: Tensor, out: Tensor) -> Tensor:
    """Gradient with respect to x of out = tanh(x)."""
    return grad_out * (1 - out**2)


def mse_backward(pred: Tensor, target: Tensor) -> Tensor:
    """Gradient with respect to pred of the mean of (pred - target)^2 over all elements."""
    return 2 * (pred - target) / pred.numel()


def softmax_cross_entropy_backward(logits: Tensor, labels: Tensor) -> Tensor:
    """Gradient (N, C) of the mean cross-entropy: (softmax - one-hot) / N."""
    powers = torch.exp(logits - logits.amax(dim=-1, keepdim=True))
    probabilities = powers / powers.sum(dim=-1, keepdim=True)
    truth = torch.arange(logits.shape[-1], device=logits.device) == labels.unsqueeze(-1)
    return (probabilities - truth.to(logits.dtype)) / len(labels)


def two_layer_backward(
    x: Tensor, y: Tensor, w1: Tensor, b1: Tensor, w2: Tensor, b2: Tensor
) -> tuple[Tensor, dict[str, Tensor]]:
    """Loss and gradients of a network with one hidden ReLU layer, a sigmoid and binary cross-entropy."""
    hidden = (x @ w1.T + b1).clamp(min=0)
    z = hidden @ w2.T + b2
    p = (1 + torch.tanh(z / 2)) / 2
    # With p written out, -y log p - (1 - y) log(1 - p) is log(1 + exp(z)) - y z. No probability is rounded to 0
    # or 1 on the way to a logarithm.
    loss = (torch.logaddexp(torch.zeros_like(z), z) - y * z).mean()
    # Cross-entropy divides by p (1 - p) and the sigmoid multiplies by it. Cancelled by hand, prediction minus
    # truth is left; computed, it is 0 / 0 where the sigmoid saturates.
    grad_z = (p - y) / len(y)
    grad_hidden, grad_w2, grad_b2 = linear_backward(grad_z, hidden, w2)
    # ReLU's output is positive just where its input is.
    _, grad_w1, grad_b1 = linear_backward(relu_backward(grad_hidden, hidden), x, w1)
    return loss, {"w1": grad_w1, "b1": grad_b1, "w2": grad_w2, "b2": grad_b2}


def mlp_backward(
    x: Tensor, labels: Tensor, weights: list[Tensor], biases: list[Tensor]
) -> tuple[Tensor, list[Tensor], list[Tensor]]:
    """Loss and gradients of `mlp_forward` followed by cross-entropy, for any number of layers."""
    inputs = [x]  # of each layer: its weight gradient needs what the layer was given
    for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
        inputs.append((inputs[-1] @ weight.T + bias).clamp(min=0))
    logits = inputs[-1] @ weights[-1].T + biases[-1]
    rows = torch.arange(len(labels), device=labels.device)
    loss = (torch.logsumexp(logits, dim=-1) - logits[rows, labels]).mean()
    grad = softmax_cross_entropy_backward(logits, labels)
    weight_grads, bias_grads = [], []
    for given, weight in zip(reversed(inputs), reversed(weights), strict=True):
        grad, grad_weight, grad_bias = linear_backward(grad, given, weight)
        weight_grads.append(grad_weight)
        bias_grads.append(grad_bias)
        # What the layer was given came out of a ReLU (of the first layer it did not, but nobody is behind it).
        grad = relu_backward(grad, given)
    return loss, weight_grads[::-1], bias_grads[::-1]


def residual_backward(grad_out: Tensor, x: Tensor, w1: Tensor, b1: Tensor, w2: Tensor, b2: Tensor) -> Tensor:
    """Gradient with respect to x of `residual_block`."""
    z = x @ w1.T + b1
    # x went two ways, so it collects blame from both: through the layers, and past them unchanged.
    return grad_out + relu_backward(grad_out @ w2, z) @ w1
