"""Other right answers of the unit backprop, each with what to say of its convention."""

import torch

from backpass.judging.variants import accepted
from solutions.backprop import linear_backward, relu_backward, two_layer_backward


def sigmoid(z):
    return (1 + torch.tanh(z / 2)) / 2


def cost(p, q, y):
    return -y * torch.log(p) - (1 - y) * torch.log(q)


def with_losses(run, losses):
    """The right gradients, and the mean of `losses(z, y)`, where z goes into the sigmoid."""
    x, y, w1, b1, w2, b2 = run
    z = (x @ w1.T + b1).clamp(min=0) @ w2.T + b2
    return losses(z, y).mean(), two_layer_backward(*run)[1]


def held_between(run, low, high):
    """The probability is held between two limits in the loss."""

    def losses(z, y):
        p = sigmoid(z).clamp(low, high)
        return cost(p, 1 - p, y)

    return with_losses(run, losses)


@accepted("backprop.two_layer_backward")
def logarithms_cut_off(*run):
    """Your loss cuts the logarithms off at -100, as torch.nn.functional.binary_cross_entropy does."""

    def losses(z, y):
        log_p, log_q = (-torch.log(1 + torch.exp(each)) for each in (-z, z))
        return -y * log_p.clamp(min=-100) - (1 - y) * log_q.clamp(min=-100)

    return with_losses(run, losses)


# A loss that must only be finite may hold the probability by so little that no accuracy is lost elsewhere. In float32
# less than its eps, 2 ** -23, is no limit at all: 1 - 1e-8 rounds to 1. Expected answers are computed in float64, so
# what a float32 limit gives has variants of its own.
@accepted("backprop.two_layer_backward", constants=(1e-7, 1e-6, 2.0**-23))
def probability_held_by_a_little(*run, constant):
    """Your loss holds the probability {constant} away from 0 and 1, which caps the price of a confident mistake."""
    return held_between(run, constant, 1 - constant)


@accepted("backprop.two_layer_backward", constants=(1e-7, 1e-6))
def probability_held_by_a_little_in_float32(*run, constant):
    """In float32 your upper limit, 1 - {constant}, is rounded: mistakes on that side cost a little more or less."""
    return held_between(run, constant, torch.tensor(1 - constant, dtype=torch.float32).item())


@accepted("backprop.two_layer_backward", constants=(1e-7, 1e-6))
def probability_held_by_a_little_everywhere(x, y, w1, b1, w2, b2, constant):
    """Your probability is held {constant} away from 0 and 1, which caps the price of a confident mistake."""
    hidden = (x @ w1.T + b1).clamp(min=0)
    p = sigmoid(hidden @ w2.T + b2).clamp(constant, 1 - constant)
    grad_hidden, grad_w2, grad_b2 = linear_backward((p - y) / len(y), hidden, w2)
    _, grad_w1, grad_b1 = linear_backward(relu_backward(grad_hidden, hidden), x, w1)
    return cost(p, 1 - p, y).mean(), {"w1": grad_w1, "b1": grad_b1, "w2": grad_w2, "b2": grad_b2}


@accepted("backprop.two_layer_backward")
def probability_held_by_eps(*run):
    """Your loss holds the probability one eps away from 0 and 1, which caps the price of a confident mistake."""
    eps = torch.finfo(run[0].dtype).eps
    return held_between(run, eps, 1 - eps)


def held_up(run, least):
    """The argument of each logarithm is held above `least`."""
    return with_losses(run, lambda z, y: cost(sigmoid(z).clamp(min=least), (1 - sigmoid(z)).clamp(min=least), y))


LITTLE = (1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15, 1e-16, 1e-20, 2.0**-23, 2.0**-52, 2.0**-126)


@accepted("backprop.two_layer_backward", constants=LITTLE)
def probability_held_up_by_a_little(*run, constant):
    """Your loss holds the argument of each logarithm above {constant}, which caps the price of a confident mistake."""
    return held_up(run, constant)


@accepted("backprop.two_layer_backward")
def probability_held_up_by_the_smallest_number(*run):
    """Your loss holds the argument of each logarithm above the smallest number there is."""
    return held_up(run, torch.finfo(run[0].dtype).tiny)


@accepted("backprop.two_layer_backward")
def tiny_probability_held_up_by_the_smallest_number(*run):
    """Your loss holds the argument of each logarithm above the smallest number there is."""
    least = torch.finfo(run[0].dtype).tiny
    return with_losses(
        run, lambda z, y: cost((1 / (1 + torch.exp(-z))).clamp(min=least), (1 - sigmoid(z)).clamp(min=least), y)
    )
