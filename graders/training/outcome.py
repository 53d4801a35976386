"""What a run begins with and comes to: weights on He's scale, digits that are told apart, any sizes."""

import math

import torch

from backpass.judging.assertions import leaves_inputs_alone, leaves_no_trace
from backpass.judging.cases import tensors
from backpass.judging.failures import Fault
from backpass.worker.calls import Call
from graders.training.replay import correct
from graders.training.runs import PROBES, cases_of
from graders.training.steps import descends_plainly, probes, runs

ACCURACY = 0.95


def learns_the_digits(student):
    run = runs(student, "digits")[1]
    first, last, classes = run.train_losses[0], run.train_losses[-1], len(run.biases[1])
    if first > math.log(classes) + 1:
        numbers = f"(Your first loss is {first:.3g}, log C is {math.log(classes):.3g}.)"
        if he_deviations(student) < 1.5:
            raise Fault(
                "gets_worse_at_once",
                "The first training loss is above log C + 1, although the initial weights are not too large: the steps "
                f"of the first epoch make it worse. Do they go downhill, and are they of a sensible size? {numbers}",
            )
        raise Fault("starts_too_high", numbers, about="the start")
    reached = correct(run.params, run.inputs["x_val"], run.inputs["y_val"])
    if reached < ACCURACY:
        if descends_plainly(probes(student)):
            raise Fault("plain_gradient_descent")
        raise _too_few(run, reached)
    if not last < first / 2 or not run.val_losses[-1] < run.val_losses[0]:
        raise Fault(
            "curve_does_not_fall",
            f"{reached:.1%} of the digits come out right, and yet the recorded losses do not fall: `train_losses` goes "
            f"from {first:.3g} to {last:.3g}, `val_losses` from {run.val_losses[0]:.3g} to {run.val_losses[-1]:.3g}.",
        )


def _too_few(run, reached):
    """What a run that does not learn the digits looks like."""
    on_training_set = correct(run.params, run.inputs["x_train"], run.inputs["y_train"])
    loss = run.losses("train").mean().item()
    numbers = (
        f"{reached:.1%} of the validation set come out right, and {ACCURACY:.0%} are asked for. On the training set "
        f"it is {on_training_set:.1%}, with a loss of {loss:.3g}."
    )
    if on_training_set >= ACCURACY:
        return Fault("does_not_generalise", f"{numbers} The network has learned the training set and nothing else.")
    if loss > 2 * math.log(10):
        text = "That is worse than a network that knows nothing: the steps go uphill, or are far too large."
        return Fault("gets_worse", f"{numbers} {text}")
    if loss > 0.8 * math.log(10):
        text = (
            "That is about log 10: nothing is learned. Look at it from the inside: does the gradient agree with "
            "numerical_gradient, does every tensor get its step, do x and y of a batch belong together?"
        )
        return Fault("does_not_learn", f"{numbers} {text}")
    text = (
        "It learns, but too slowly or not all it could: are all steps made, at the rates of the schedule, with m, v "
        "and t carried through the whole run, and does every tensor get its own gradient?"
    )
    return Fault("learns_too_little", f"{numbers} {text}")


def starts_as_he_did(student):
    """A wide margin: other scales that keep a signal alive are within a factor of 2."""
    weight = runs(student, "wide")[1].weights[0]
    hidden, features = weight.shape
    deviations = he_deviations(student)
    others = {
        "fan_out_in_place_of_fan_in": math.sqrt(features / hidden),
        "variance_in_place_of_standard_deviation": math.sqrt(2 / features),
        None: math.sqrt(features / (features + hidden)),  # Xavier's, which is right as well in so shallow a network
    }
    if abs(weight.mean().item()) > 0.5 * weight.std().item():
        raise Fault("weights_not_around_zero", about="the start")
    for id, scale in others.items():
        if abs(deviations / scale - 1) < 0.025:
            if id is None:
                return
            raise Fault(id, about="the start")
    if not 0.5 < deviations < 2:
        raise Fault("not_the_scale_of_he", f"(Yours is {deviations:.2g} times that.)", about="the start")


def he_deviations(student):
    """The standard deviation of the first layer's initial weights, in units of He's."""
    weight = runs(student, "wide")[1].weights[0]
    return weight.std().item() / math.sqrt(2 / weight.shape[1])


def of_other_sizes(student):
    runs(student, "other sizes")
    notes_what_float64_does(student)


def notes_what_float64_does(student):
    """he_init draws float32, so it takes a conversion to train in float64; the digits do not need it."""
    doubled = {
        name: value.double() if isinstance(value, torch.Tensor) and value.is_floating_point() else value
        for name, value in PROBES["tiny"].items()
    }
    answer = student.ask([Call(doubled)])[0]
    if answer.raised is not None:
        student.notes["With x in float64 your code raises an exception: give the initial weights x_train's dtype."] = (
            None
        )
    elif any(each.dtype != torch.float64 for each in tensors(answer.value)):
        student.notes["With x in float64 your weights are float32: give the initial ones x_train's dtype."] = None


def is_pure(student):
    for name in ("probes", "digits"):
        cases = cases_of(name, student.device)
        leaves_inputs_alone(student, cases)
        leaves_no_trace(student, cases)
