"""Every differentiable reference beside torch's own function, with inputs that nobody would draw."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F

from solutions import activations, backprop, losses, neurons, normalization
from tests.judging.reference_inputs import (
    Inputs,
    double,
    of_batches,
    of_binary_logits,
    of_blocks,
    of_channels,
    of_distributions,
    of_each_number,
    of_labels,
    of_layers,
    of_logits,
    of_networks,
    of_neurons,
    of_probabilities,
    of_rows,
    pairs,
)


@dataclass(frozen=True)
class Row:
    """One function: the reference, torch's own, their inputs, and the backward pass that is written by hand.

    `by_hand(inputs, output, cotangent)` has gradients by the names of inputs. `opinfo`: torch's name of the function in
    its own tests, and how a sample of those becomes inputs (None where it is of a form that the course does not have).
    `of_each_number`: a large input has no say in the result of a small one.
    `magnifies`: how much of a rounding it makes of one; 1 / sqrt(eps) where what is normalized is all the same.
    """

    ours: Callable[..., Any]
    of_torch: Callable[..., Any]
    inputs: Callable[[], Iterator[Inputs]]
    by_hand: Callable[[Inputs, torch.Tensor, torch.Tensor], dict[str, torch.Tensor]] | None = None
    opinfo: tuple[str, Callable[..., Inputs | None]] | None = None
    magnifies: float = 1.0
    of_each_number: bool = False


def network_of_torch(x: torch.Tensor, weights: list[torch.Tensor], biases: list[torch.Tensor]) -> torch.Tensor:
    for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
        x = F.relu(F.linear(x, weight, bias))
    return F.linear(x, weights[-1], biases[-1])


def focal_of_torch(logits: torch.Tensor, labels: torch.Tensor, gamma: float) -> torch.Tensor:
    price = F.cross_entropy(logits, labels, reduction="none")
    return ((1 - torch.exp(-price)) ** gamma * price).mean()


def slope(of: Callable[[torch.Tensor], torch.Tensor]) -> Any:
    return lambda given, out, grad: {"x": grad * of(given["x"])}


def named(function: Callable[..., Any], *names: str) -> Any:
    """The gradients that a hand-written backward returns, by name."""
    return lambda given, out, grad: dict(zip(names, function(given, out, grad), strict=True))


def of_a_loss(sample: Any, names: tuple[str, str], **options: Any) -> Inputs | None:
    plain = sample.kwargs.get("reduction", "mean") == "mean" and not {"weight", "pos_weight"} & sample.kwargs.keys()
    return dict(zip(names, (sample.input, sample.args[0]), strict=True)) | options if plain else None


def of_labelled(sample: Any) -> Inputs | None:
    fits = sample.input.dim() == 2 and sample.args[0].dim() == 1
    return (
        {"logits": sample.input, "labels": sample.args[0]}
        if fits and set(sample.kwargs) <= {"reduction"} and (sample.kwargs.get("reduction", "mean") == "mean")
        else None
    )


def of_last_dimension(sample: Any) -> Inputs | None:
    last = sample.input.dim() and sample.input.shape[-1] and sample.args[0] in (-1, sample.input.dim() - 1)
    return {"logits": sample.input} if last and not sample.kwargs else None


def of_affine(sample: Any) -> Inputs | None:
    if not (sample.input.dim() >= 2 and len(sample.args) == 2 and sample.args[0].dim() == 2):
        return None
    return {"x": sample.input, "weight": sample.args[0], "bias": sample.args[1]} if sample.input.dim() == 2 else None


def of_normalised_rows(*names: str) -> Callable[[Any], Inputs | None]:
    def made(sample: Any) -> Inputs | None:
        shape, *rest = sample.args
        if len(shape) != 1 or len(rest) != len(names) or any(each is None for each in rest):
            return None
        return {"x": sample.input, **dict(zip(names, rest, strict=True)), "eps": sample.kwargs.get("eps") or 1e-5}

    return made


def of_grouped(sample: Any) -> Inputs | None:
    weight, bias = sample.kwargs.get("weight"), sample.kwargs.get("bias")
    if sample.input.dim() != 3 or weight is None or bias is None:
        return None
    return {"x": sample.input, "num_groups": sample.args[0], "gamma": weight, "beta": bias}


def of_x(sample: Any) -> Inputs | None:
    return {"x": sample.input} if not sample.kwargs or sample.kwargs == {"approximate": "none"} else None


HUBER = {"delta": 1.25}
TABLE: dict[str, Row] = {
    **{
        name: Row(
            getattr(activations, name),
            of_torch,
            of_each_number(),
            slope(getattr(activations, f"{name}_grad")),
            (opinfo, of_x),
            of_each_number=True,
        )
        for name, of_torch, opinfo in (
            ("sigmoid", torch.sigmoid, "sigmoid"),
            ("tanh", torch.tanh, "tanh"),
            ("relu", F.relu, "nn.functional.relu"),
            ("silu", F.silu, "nn.functional.silu"),
            ("leaky_relu", F.leaky_relu, "nn.functional.leaky_relu"),
            ("gelu", F.gelu, "nn.functional.gelu"),
        )
    },
    "leaky_relu of a slope": Row(
        activations.leaky_relu,
        lambda x, negative_slope: F.leaky_relu(x, negative_slope),
        of_each_number(negative_slope=0.25),
        slope(lambda x: activations.leaky_relu_grad(x, 0.25)),
        of_each_number=True,
    ),
    "relu, backward": Row(
        activations.relu,
        F.relu,
        of_each_number(),
        lambda given, out, grad: {"x": backprop.relu_backward(grad, given["x"])},
        of_each_number=True,
    ),
    "sigmoid, backward": Row(
        activations.sigmoid,
        torch.sigmoid,
        of_each_number(),
        lambda given, out, grad: {"x": backprop.sigmoid_backward(grad, out)},
        of_each_number=True,
    ),
    "tanh, backward": Row(
        activations.tanh,
        torch.tanh,
        of_each_number(),
        lambda given, out, grad: {"x": backprop.tanh_backward(grad, out)},
        of_each_number=True,
    ),
    "mse_loss": Row(
        losses.mse_loss,
        F.mse_loss,
        pairs("pred", "target"),
        lambda given, out, grad: {"pred": grad * backprop.mse_backward(**given)},
        ("nn.functional.mse_loss", lambda sample: of_a_loss(sample, ("pred", "target"))),
    ),
    "mae_loss": Row(
        losses.mae_loss,
        F.l1_loss,
        pairs("pred", "target"),
        opinfo=("nn.functional.l1_loss", lambda sample: of_a_loss(sample, ("pred", "target"))),
    ),
    **{
        f"huber_loss, delta {delta:g}": Row(
            losses.huber_loss,
            lambda pred, target, delta: F.huber_loss(pred, target, delta=delta),
            pairs("pred", "target", delta=delta),
            opinfo=("nn.functional.huber_loss", lambda sample: of_a_loss(sample, ("pred", "target"), **HUBER)),
        )
        for delta in (1.0, 0.5, 1e6)
    },
    "softmax": Row(
        losses.softmax, lambda logits: F.softmax(logits, -1), of_logits, opinfo=("softmax", of_last_dimension)
    ),
    "log_softmax": Row(
        losses.log_softmax,
        lambda logits: F.log_softmax(logits, -1),
        of_logits,
        opinfo=("log_softmax", of_last_dimension),
    ),
    "cross_entropy": Row(
        losses.cross_entropy,
        F.cross_entropy,
        of_labels(),
        lambda given, out, grad: {"logits": grad * backprop.softmax_cross_entropy_backward(**given)},
        ("nn.functional.cross_entropy", of_labelled),
    ),
    "weighted_cross_entropy": Row(
        losses.weighted_cross_entropy,
        lambda logits, labels, weight: F.cross_entropy(
            logits, labels, weight=weight.detach()
        ),  # it has no gradient in torch
        of_labels(weight=double([0.5, 2.0, 1.25] + [1.0] * 8)),
    ),
    **{
        f"focal_loss, gamma {gamma:g}": Row(losses.focal_loss, focal_of_torch, of_labels(gamma=gamma))
        for gamma in (0.0, 0.5, 1.0, 2.0)
    },
    "binary_cross_entropy": Row(
        losses.binary_cross_entropy,
        # Where a probability is 0 or 1 torch cuts the slope off, at a place of its own: the root has none there.
        lambda prob, target: F.binary_cross_entropy(prob, target) + 0 * torch.sqrt(prob * (1 - prob)).sum(),
        of_probabilities,
        opinfo=("nn.functional.binary_cross_entropy", lambda sample: of_a_loss(sample, ("prob", "target"))),
    ),
    "bce_with_logits": Row(
        losses.bce_with_logits,
        F.binary_cross_entropy_with_logits,
        of_binary_logits,
        opinfo=(
            "nn.functional.binary_cross_entropy_with_logits",
            lambda sample: of_a_loss(sample, ("logits", "target")),
        ),
    ),
    "kl_divergence": Row(
        losses.kl_divergence,
        lambda p, q: (torch.special.xlogy(p, p) - torch.special.xlogy(p, q)).sum(-1).mean(),
        of_distributions,
    ),
    "neuron": Row(neurons.neuron, lambda x, weight, bias: torch.sigmoid(F.linear(x, weight, bias)), of_neurons),
    "linear": Row(
        neurons.linear,
        F.linear,
        of_layers,
        named(
            lambda given, out, grad: backprop.linear_backward(grad, given["x"], given["weight"]), "x", "weight", "bias"
        ),
        ("nn.functional.linear", of_affine),
    ),
    "mlp_forward": Row(neurons.mlp_forward, network_of_torch, of_networks),
    "residual_block": Row(
        neurons.residual_block,
        lambda x, w1, b1, w2, b2: x + F.linear(F.relu(F.linear(x, w1, b1)), w2, b2),
        of_blocks,
        lambda given, out, grad: {"x": backprop.residual_backward(grad, **given)},
    ),
    "batch_norm_train": Row(
        lambda x, gamma, beta, running_mean, running_var: normalization.batch_norm_train(
            x, gamma, beta, running_mean, running_var
        )[0],
        lambda x, gamma, beta, running_mean, running_var: F.batch_norm(x, None, None, gamma, beta, True),
        of_batches,
        named(
            lambda given, out, grad: normalization.batch_norm_backward(grad, given["x"], given["gamma"]),
            *("x", "gamma", "beta"),
        ),
        magnifies=316,
    ),
    "batch_norm_eval": Row(
        normalization.batch_norm_eval,
        lambda x, gamma, beta, running_mean, running_var: F.batch_norm(
            x, running_mean.detach(), running_var.detach(), gamma, beta
        ),
        lambda: of_batches(least=0),
    ),
    "layer_norm": Row(
        normalization.layer_norm,
        lambda x, gamma, beta, eps=1e-5: F.layer_norm(x, gamma.shape, gamma, beta, eps),
        of_rows("gamma", "beta"),
        opinfo=("nn.functional.layer_norm", of_normalised_rows("gamma", "beta")),
        magnifies=316,
    ),
    "rms_norm": Row(
        normalization.rms_norm,
        lambda x, gamma, eps=1e-6: F.rms_norm(x, gamma.shape, gamma, eps),
        of_rows("gamma"),
        opinfo=("nn.functional.rms_norm", of_normalised_rows("gamma")),
        magnifies=316,
    ),
    "group_norm": Row(
        normalization.group_norm,
        lambda x, num_groups, gamma, beta: F.group_norm(x, num_groups, gamma, beta),
        of_channels,
        opinfo=("nn.functional.group_norm", of_grouped),
        magnifies=316,
    ),
}
