"""Every id that the checks of `overfit_one_batch` raise is told to a program that makes just this mistake."""

import itertools
import math

import pytest
import torch

from graders.diagnostics import overfitting

OVERFIT = "diagnostics.overfit_one_batch"


def trained(
    x,
    labels,
    hidden,
    lr,
    steps,
    generator,
    *,
    scales=None,
    uphill=False,
    frozen=(),
    bend=True,
    noted=lambda loss, after, losses: loss.mean().item(),
    rows=lambda step, n: slice(None),
    classes=None,
    anew=False,
    squash=False,
    columns=False,
):
    """Gradient descent with momentum, and a switch for each slip. `frozen`: the parameters that never change."""
    classes = classes or int(labels.max()) + 1
    first, second = scales or (math.sqrt(2 / x.shape[1]), math.sqrt(2 / hidden))

    def start():
        w1 = first * torch.randn(hidden, x.shape[1], generator=generator).to(x.dtype)
        w2 = second * torch.randn(classes, hidden, generator=generator).to(x.dtype)
        return [w1, x.new_zeros(hidden), w2, x.new_zeros(classes)]

    def forward(params, x, labels):
        w1, b1, w2, b2 = params
        z = x @ w1.T + b1
        h = z.clamp(min=0) if bend else z
        logits = torch.softmax(h @ w2.T + b2, 1) if squash else h @ w2.T + b2
        each = torch.arange(len(labels))
        delta = torch.softmax(logits, 1)
        delta[slice(None) if columns else each, labels] -= 1
        if squash:
            delta = logits * (delta - (delta * logits).sum(1, keepdim=True))
        delta = delta / len(labels)
        back = (delta @ w2) * ((z > 0) if bend else 1)
        loss = torch.logsumexp(logits, 1) - logits[each, labels]
        return loss, [back.T @ x, back.sum(0), delta.T @ h, delta.sum(0)]

    params, losses = start(), []
    velocities = [torch.zeros_like(param) for param in params]
    for step in range(steps):
        some = rows(step, len(labels))
        loss, grads = forward(params, x[some], labels[some])
        for i, grad in enumerate(grads):
            if i not in frozen:
                velocities[i] = 0.9 * velocities[i] + grad
                params[i] = params[i] + (lr if uphill else -lr) * velocities[i]
        losses.append(noted(loss, forward(params, x[some], labels[some])[0], losses))
        params = start() if anew else params
    return losses


def note(change):
    """Programs that note down something else than the mean of the losses."""
    return {"noted": lambda loss, after, losses: change(loss.mean().item())}


def asked(**changes):
    """Programs that train with other arguments than they are given, `changes` of all of them by name."""

    def program(*run):
        given = dict(zip(("x", "labels", "hidden", "lr", "steps", "generator"), run, strict=True))
        return trained(**given | {name: change(given) for name, change in changes.items()})

    return program


def then(change):
    """Programs that return something else than the losses."""
    return lambda *run: change(trained(*run))


def invented(x, labels, hidden, lr, steps, generator):
    start = trained(x, labels, hidden, lr, 1, generator)[0]
    return [start * math.exp(-lr * step) for step in range(steps)]


SEEDS = itertools.count()
# The switches of `trained`, or the whole program.
SLIPS = {
    "nothing_is_trained": {"frozen": (0, 1, 2, 3)},
    "goes_uphill": {"uphill": True},
    "ends_above_its_start": {"columns": True},
    "loss_after_the_step": {"noted": lambda loss, after, losses: after.mean().item()},
    "one_loss_too_many": asked(steps=lambda given: given["steps"] + 1),
    "one_loss_too_few": then(lambda losses: losses[1:]),
    "losses_now_and_then": then(lambda losses: losses[::2]),
    "more_losses_than_steps": asked(steps=lambda given: 2 * given["steps"]),
    "tensors_for_floats": note(torch.tensor),
    "last_loss_alone": then(lambda losses: losses[-1]),
    "tensor_of_losses": then(torch.tensor),
    "more_than_the_losses": then(lambda losses: (losses, [1.0])),
    "returns_none": then(lambda losses: None),
    "wrong_type": note(str),
    "all_weights_zero": {"scales": (0.0, 0.0)},
    "weights_too_large": {"scales": (1.0, 1.0)},
    "generator_not_used": asked(generator=lambda given: torch.Generator().manual_seed(next(SEEDS))),
    "weights_always_the_same": asked(generator=lambda given: torch.Generator().manual_seed(0)),
    "generator_seeded_again": asked(
        generator=lambda given: torch.Generator().manual_seed(given["generator"].initial_seed())
    ),
    "no_nonlinearity": {"bend": False},
    "a_layer_never_learns": {"frozen": (0, 1)},
    "summed_over_the_samples": {"noted": lambda loss, after, losses: loss.sum().item()},
    "divided_by_the_batch_twice": {"noted": lambda loss, after, losses: loss.mean().item() / len(loss)},
    "loss_in_bits": note(lambda loss: loss / math.log(2)),
    "wrong_sign_in_the_list": note(lambda loss: -loss),
    "another_loss": note(lambda loss: 1 - math.exp(-loss)),
    "not_the_cross_entropy": {"noted": lambda loss, after, losses: loss.max().item()},
    "wrong_number_of_classes": {"classes": 10},
    "as_many_classes_as_samples": {"classes": 8},
    "invented_losses": invented,
    "part_of_the_batch": {"rows": lambda step, n: slice(step % n, step % n + 1)},
    "lr_ignored": asked(lr=lambda given: 0.1),
    "starts_anew_in_every_step": {"anew": True},
    "hidden_ignored": asked(hidden=lambda given: 64),
    "softmax_twice": {"squash": True},
    "float32_network": asked(x=lambda given: given["x"].float()),
    "stays_too_high": asked(lr=lambda given: given["lr"] / 1000),
    "classes_counted_by_their_labels": lambda *run: trained(*run, classes=len(run[1].unique())),
    "rounded_losses": note(lambda loss: round(loss, 2)),
    "padded_logarithm": note(lambda loss: -math.log(math.exp(-loss) + 2e-3)),
    "best_so_far": {"noted": lambda loss, after, losses: min([*losses, loss.mean().item()])},
}


def test_the_program_without_a_slip_is_right(told):
    assert told(trained, OVERFIT) is None


@pytest.mark.parametrize("id", SLIPS)
def test_a_slip_is_told_by_its_id(id, told):
    slip = SLIPS[id]
    assert told(slip if callable(slip) else lambda *run: trained(*run, **slip), OVERFIT) == id


def test_no_id_is_without_a_program(ids_of):
    assert ids_of(OVERFIT, overfitting) == SLIPS.keys()
