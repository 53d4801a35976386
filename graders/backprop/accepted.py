"""Other right answers of the unit backprop, each with what to say of its convention."""

import torch

from backpass.judging.variants import accepted
from solutions.backprop import linear_backward, relu_backward


def _sigmoid(x):
    return (1 + torch.tanh(x / 2)) / 2


def _cross_entropy(p, y):
    return -(y * torch.log(p) + (1 - y) * torch.log(1 - p))


def _with(losses, x, y, w1, b1, w2, b2, sigmoid=_sigmoid):
    """`two_layer_backward` with another way to compute the losses, from what goes into the sigmoid, p and y."""
    hidden = (x @ w1.T + b1).clamp(min=0)
    z2 = hidden @ w2.T + b2
    p = sigmoid(z2)
    grad_hidden, grad_w2, grad_b2 = linear_backward((p - y) / len(y), hidden, w2)
    _, grad_w1, grad_b1 = linear_backward(relu_backward(grad_hidden, hidden), x, w1)
    return losses(z2, p, y).mean(), {"w1": grad_w1, "b1": grad_b1, "w2": grad_w2, "b2": grad_b2}


def _logarithms_cut_off(z2, p, y):
    p, q = 1 / (1 + torch.exp(-z2)), 1 / (1 + torch.exp(z2))
    return -y * torch.log(p).clamp(min=-100) - (1 - y) * torch.log(q).clamp(min=-100)


@accepted("backprop.two_layer_backward")
def logarithms_cut_off(*args, **kwargs):
    """Your loss cuts the logarithms off at -100, as torch.nn.functional.binary_cross_entropy does."""
    return _with(_logarithms_cut_off, *args, **kwargs)


# A loss that must only be finite may hold the probability by so little that no accuracy is lost elsewhere. In float32
# less than its eps, 2 ** -23, is no limit at all: 1 - 1e-8 rounds to 1. Expected answers are computed in float64, so
# what a float32 limit gives has variants of its own.
@accepted("backprop.two_layer_backward", constants=(1e-7, 1e-6, 2.0**-23))
def probability_held_by_a_little(*args, constant):
    """Your loss holds the probability {constant} away from 0 and 1, which caps the price of a confident mistake."""
    return _with(lambda z2, p, y: _cross_entropy(p.clamp(constant, 1 - constant), y), *args)


@accepted("backprop.two_layer_backward", constants=(1e-7, 1e-6))
def probability_held_by_a_little_in_float32(*args, constant):
    """In float32 your upper limit, 1 - {constant}, is rounded: mistakes on that side cost a little more or less."""
    limit = torch.tensor(1 - constant, dtype=torch.float32).item()
    return _with(lambda z2, p, y: _cross_entropy(p.clamp(constant, limit), y), *args)


@accepted("backprop.two_layer_backward", constants=(1e-7, 1e-6))
def probability_held_by_a_little_everywhere(*args, constant):
    """Your probability is held {constant} away from 0 and 1, which caps the price of a confident mistake."""
    return _with(
        lambda z2, p, y: _cross_entropy(p, y), *args, sigmoid=lambda z2: _sigmoid(z2).clamp(constant, 1 - constant)
    )


@accepted("backprop.two_layer_backward")
def probability_held_by_eps(*args):
    """Your loss holds the probability one eps away from 0 and 1, which caps the price of a confident mistake."""
    eps = torch.finfo(args[0].dtype).eps
    return _with(lambda z2, p, y: _cross_entropy(p.clamp(eps, 1 - eps), y), *args)


def _held_up(p, q, y, least):
    return -y * torch.log(p.clamp(min=least)) - (1 - y) * torch.log(q.clamp(min=least))


LITTLE = (1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15, 1e-16, 1e-20, 2.0**-23, 2.0**-52, 2.0**-126)


@accepted("backprop.two_layer_backward", constants=LITTLE)
def probability_held_up_by_a_little(*args, constant):
    """Your loss holds the argument of each logarithm above {constant}, which caps the price of a confident mistake."""
    return _with(lambda z2, p, y: _held_up(p, 1 - p, y, constant), *args)


@accepted("backprop.two_layer_backward")
def probability_held_up_by_the_smallest_number(*args):
    """Your loss holds the argument of each logarithm above the smallest number there is."""
    least = torch.finfo(args[0].dtype).tiny
    return _with(lambda z2, p, y: _held_up(p, 1 - p, y, least), *args)


@accepted("backprop.two_layer_backward")
def tiny_probability_held_up_by_the_smallest_number(*args):
    """Your loss holds the argument of each logarithm above the smallest number there is."""
    least = torch.finfo(args[0].dtype).tiny
    return _with(lambda z2, p, y: _held_up(1 / (1 + torch.exp(-z2)), 1 - p, y, least), *args)
