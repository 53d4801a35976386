"""What a run records: its losses and its rates. At a rate of (almost) 0 nothing moves, so the losses are known."""

import itertools
import math

import torch

from backpass.judging.failures import Fault
from graders.training.replay import correct, losses_of_other_networks
from graders.training.runs import cases_of
from graders.training.steps import is_trained, probes, runs


def records_its_losses(student):
    found = probes(student)
    is_trained(found)
    try:
        for name in ("still", "mini"):
            records_validation_losses(found[name], found["still"])
        records_training_losses(found["still"])
    except Fault:
        for answer in student(cases_of("probes", student.device)):
            for name in answer.changed:
                raise Fault(
                    "input_modified",
                    f"The call changes its input `{name}`, so the losses are those of other data. Compute new tensors "
                    "instead of writing into the ones you are given.",
                ) from None
        raise


def records_validation_losses(run, still):
    """At the rate 0 all of them are known. Else the last one is, or the first where the loss is taken too early."""
    losses = run.losses("val")
    right = losses.mean().item()
    if run is not still:
        if any(_near(loss, right) for loss in run.val_losses):
            return
        if _near(run.val_losses[0], still.losses("val").mean().item()):
            raise Fault("validation_loss_before_the_epoch")
    elif all(_near(loss, right) for loss in run.val_losses):
        return
    recorded = run.val_losses[-1]
    share = correct(run.params, run.inputs["x_val"], run.inputs["y_val"])
    known = {
        "validation_loss_of_the_training_set": [run.losses("train").mean().item()],
        "accuracy_in_place_of_the_loss": [share, 100 * share, 1 - share],
        "validation_loss_summed": [losses.sum().item()],
    }
    for id, values in known.items():
        if any(_near(recorded, value) for value in values):
            raise Fault(id)
    for what, loss in losses_of_other_networks(run.params, run.inputs["x_val"], run.inputs["y_val"]):
        known = run.val_losses if run is still else [recorded]
        if abs(loss - right) > 1e-3 and all(_near(each, loss) for each in known):
            raise Fault(
                "another_network",
                f"Your losses are those of {what}. The network of this course has a ReLU after its hidden layer, a "
                "bias in both layers, and nothing after the last one.",
            )
    raise Fault(
        "wrong_validation_loss",
        f"The last of `val_losses` is {recorded:.6g}, and under the weights that you return the cross-entropy on the "
        f"validation set is {right:.6g}: they do not belong together. Are the weights of another moment returned, or "
        "is something else measured?",
    )


def records_training_losses(still):
    """Under weights that stay the same, whichever samples a loss is the mean of, it is one of a few hundred numbers."""
    losses = still.losses("train")
    total, size = losses.sum(), still.inputs["batch_size"]
    rest = len(losses) % size
    full = torch.combinations(torch.arange(len(losses)), size)
    short = torch.combinations(torch.arange(len(losses)), rest)
    last = losses[short].sum(1)
    batches = math.ceil(len(losses) / size)
    mean_of_batches = ((total - last) / size + last / rest) / batches
    right = torch.cat([losses.mean()[None], mean_of_batches, losses[full].mean(1)])
    known = {
        "training_losses_added_up": torch.cat([mean_of_batches * batches, total[None]]),
        "loss_of_the_last_batch": last / rest,
        "summed_losses_divided_by_the_samples": mean_of_batches * batches / len(losses),
        "last_batch_dropped": (total - last) / (len(losses) - rest),
    }
    if _all_among(still.train_losses, right):
        # In an epoch of its own batches a mean of batches, or of the first one, is another.
        if not _near(still.train_losses[0], losses.mean().item()) and not _vary(still.train_losses):
            raise Fault("shuffled_once", about="the order")
        return
    for id, values in known.items():
        if _all_among(still.train_losses, values):
            raise Fault(id)
    if _vary(still.train_losses) and all(losses.min() <= loss <= losses.max() for loss in still.train_losses):
        raise Fault("samples_not_once", about="the order")
    shown = ", ".join(f"{loss:.4g}" for loss in still.train_losses)
    raise Fault(
        "wrong_training_loss",
        f"At a learning rate of 0 every epoch has the same training loss, {losses.mean().item():.4g} here, and "
        f"`train_losses` is {shown}. The mean of the samples' cross-entropy over the epoch is asked for (or the loss "
        "at its start).",
    )


def _vary(numbers):
    return max(numbers) - min(numbers) > 1e-4


def _near(a, b):
    return abs(a - b) <= 2e-5 * (1 + abs(b))


def _all_among(values, choices):
    return all(bool(((choices - value).abs() <= 2e-5 * (1 + choices.abs())).any()) for value in values)


def moves_its_rate(student):
    run = runs(student, "digits")[1]
    rates = [rate / run.inputs["max_lr"] for rate in run.rates]
    numbers = (
        f"(The first of your rates is {rates[0]:.3g} max_lr, the largest {max(rates):.3g}, the last {rates[-1]:.3g}.)"
    )
    per_epoch = len(rates) // run.inputs["epochs"]
    epochs = [rates[start : start + per_epoch] for start in range(0, len(rates), per_epoch)]
    if max(rates) - min(rates) < 1e-6:
        raise Fault("constant_rate")
    if all(max(each) - min(each) < 1e-9 for each in epochs):
        raise Fault("schedule_moves_once_an_epoch")
    if all(abs(a - b) < 1e-9 for each in epochs[1:] for a, b in zip(epochs[0], each, strict=True)):
        raise Fault("schedule_starts_again")
    if min(rates) < 0:
        raise Fault("negative_rate", f"A learning rate below 0 walks uphill. {numbers}")
    if rates[0] > 0.6:
        raise Fault("no_warm_up", numbers)
    if max(rates) > 1 + 1e-6:
        raise Fault("above_max_lr", f"The learning rate gets above `max_lr`. {numbers}")
    if max(rates) < 0.95:
        raise Fault("never_reaches_max_lr", numbers)
    top = rates.index(max(rates))
    up, down = rates[: top + 1], rates[top:]
    if rates[-1] > 0.2:
        raise Fault("does_not_come_down", numbers)
    if top > len(rates) / 2:
        raise Fault(
            "warm_up_too_long",
            f"The warm-up takes {top} of {len(rates)} steps. It is there for the first steps only: a tenth is usual.",
        )
    if any(b < a - 1e-9 for a, b in itertools.pairwise(up)) or any(b > a + 1e-9 for a, b in itertools.pairwise(down)):
        raise Fault(
            "schedule_goes_up_and_down",
            "The learning rate is asked to go up once and then down once; yours turns more often.",
        )
    resting = sum(rate <= rates[-1] + 1e-9 for rate in down)
    if resting > 0.1 * len(rates):
        raise Fault("schedule_ends_too_early", f"(It is over after {len(rates) - resting} of {len(rates)} steps.)")
    # From the top to the bottom, a quarter and three quarters of the way.
    parts = [(down[round(part * (len(down) - 1))] - down[-1]) / (down[0] - down[-1]) for part in (0.25, 0.5, 0.75)]
    if _like(parts, (0.75, 0.5, 0.25), 0.02):
        raise Fault("straight_line_down")
    if not _like(parts, [(1 + math.cos(math.pi * part)) / 2 for part in (0.25, 0.5, 0.75)], 0.06):
        raise Fault(
            "not_a_cosine",
            "After its peak the learning rate does not come down along half a cosine: a quarter, half and three "
            f"quarters of the way to the last step it has {', '.join(f'{part:.2f}' for part in parts)} of the height "
            "left, where a cosine has 0.85, 0.50 and 0.15.",
        )


def _like(numbers, others, margin):
    return all(abs(a - b) <= margin for a, b in zip(numbers, others, strict=True))
