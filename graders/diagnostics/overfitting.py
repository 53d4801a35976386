"""What all right answers of `overfit_one_batch` have in common, with any optimizer and from any start."""

import math
import statistics
from itertools import pairwise

import torch

from backpass.judging.failures import Fault
from backpass.worker.calls import Call
from backpass.worker.wire import Seed

NOTE = "the note"  # of a loss: it is where something goes wrong
RATES = (0.1, 0.5, 0.02, 0.003)


def batch(samples, features, classes, seed, dtype=torch.float32):
    """Samples that differ, with every class among the labels."""
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(samples, features, generator=generator, dtype=torch.float64).to(dtype)
    return {"x": x, "labels": torch.arange(samples).flip(0) % classes}


def losses(student, *questions, **common):
    """The lists of losses, each of the right form; `hidden`, `lr`, `steps` and `generator` have defaults."""
    usual = {"hidden": 16, "lr": 0.1, "steps": 3, "generator": Seed(5)}
    order = ("x", "labels", "hidden", "lr", "steps", "generator")
    inputs = [usual | common | question for question in questions]
    found = student.values([Call({name: each[name] for name in order}) for each in inputs])
    for each, given in zip(found, inputs, strict=True):
        _has_the_form(each, given["steps"])
    return found


def _has_the_form(found, steps):
    if found is None:
        raise Fault("returns_none", "`overfit_one_batch` returns None. Is a `return` missing?")
    if isinstance(found, torch.Tensor):
        raise Fault("tensor_of_losses" if found.dim() else "last_loss_alone")
    if isinstance(found, float | int):
        raise Fault("last_loss_alone")
    if not isinstance(found, list | tuple):
        raise Fault("wrong_type", f"You return a {type(found).__name__}: a list of Python floats is asked for.")
    if any(isinstance(each, list | tuple | dict) for each in found):
        raise Fault("more_than_the_losses")
    if any(isinstance(each, torch.Tensor) for each in found):
        raise Fault("tensors_for_floats", about=NOTE)
    if any(type(each) is not float for each in found):
        raise Fault("wrong_type", "A loss in your list is no Python float.", about=NOTE)
    if len(found) != steps:
        differences = {1: "one_loss_too_many", -1: "one_loss_too_few"}
        mistake = differences.get(len(found) - steps)
        evidence = f"For steps={steps} you return {len(found)} losses."
        if mistake is None and len(found) > steps:
            raise Fault("more_losses_than_steps", f"You return more losses than steps. {evidence}", about=NOTE)
        raise Fault(mistake or "losses_now_and_then", evidence, about=NOTE)


def learns_by_heart(student, cases):
    values = student.values([case.call() for case in cases])
    for case, value in zip(cases, values, strict=True):
        _has_the_form(value, case.inputs["steps"])
    _starts_at_log_c(student)
    _falls_below_a_hundredth(student)
    _is_the_loss_of_the_batch(student)


def _falls_below_a_hundredth(student):
    data = batch(8, 20, 3, seed=4)
    (still,) = losses(student, data, lr=0.0, steps=20, hidden=64)
    best = math.inf
    for lr in RATES:
        (run,) = losses(student, data, lr=lr, steps=1000, hidden=64)
        if max(run) - min(run) < 1e-6:
            raise Fault("nothing_is_trained", _told(run))
        best = min(best, run[-1])  # NaN is never less
        if best < 0.01:
            return
        if max(still) - min(still) > 1e-4:
            raise Fault("starts_anew_in_every_step", _told(still))
        if lr == RATES[0]:
            first = run
    if first[0] < first[5] < first[10]:
        raise Fault("goes_uphill", _told(first))
    if abs(first[0] - math.log(3)) < 1e-6 and best > 1.0:
        raise Fault("all_weights_zero", _told(first), about="the start")
    if not best <= 2 * first[0]:  # NaN is never less
        raise Fault("ends_above_its_start", f"{_told(first)} The lowest of your last losses is {best:.4g}.")
    if abs(best - (math.log(math.e + 2) - 1)) < 0.02:
        raise Fault("softmax_twice", _told(first))
    raise Fault("stays_too_high", f"The lowest of your last losses is {best:.4g}.")


def _starts_at_log_c(student):
    """Of inputs that are 0 a network knows nothing; of others only a little more, if its weights are small."""
    classes, samples = 4, 8
    blind = batch(samples, 5, classes, seed=6)
    (run,) = losses(student, blind | {"x": torch.zeros(samples, 5)}, steps=1)
    first, log_c = run[0], math.log(classes)
    evidence = f"For C = {classes} the first loss is {first:.4g}, and log {classes} is {log_c:.4g}."
    known = {
        samples * log_c: "summed_over_the_samples",
        log_c / samples: "divided_by_the_batch_twice",
        log_c / math.log(2): "loss_in_bits",
        -log_c: "wrong_sign_in_the_list",
    }
    for value, mistake in known.items():
        if abs(first - value) < 0.01 * abs(value):
            raise Fault(mistake, evidence, about=NOTE)
    count = math.exp(min(first, 20.0))
    if round(count) != classes and abs(count - round(count)) < 1e-4 * count and first > 0.1:
        mistake = "as_many_classes_as_samples" if round(count) == samples else "wrong_number_of_classes"
        raise Fault(mistake, evidence + f" That is the loss of {round(count)} classes.")
    if not first > 0.99 * log_c:  # random biases may lift it, and nothing can lower it
        raise Fault("another_loss", evidence, about=NOTE)
    starts = losses(
        student, *({"generator": Seed(seed)} for seed in range(8)), **batch(8, 20, 4, seed=7), steps=1, hidden=64
    )
    mean = statistics.mean(start[0] for start in starts)
    if not mean < log_c + 3:
        raise Fault("weights_too_large", f"The mean of eight starts is {mean:.4g}; log 4 is 1.386.", about="the start")


def _told(run):
    """The beginning and the end of a list of losses."""
    shown = [f"{loss:.4g}" for loss in run]
    return f"Your losses: {', '.join(shown[:3])}, ..., {shown[-1]}."


def _is_the_loss_of_the_batch(student):
    """Equal samples with different labels: no network gets below the entropy of the labels, any good one gets there."""
    x = torch.tensor([[0.7, -1.2, 0.4, 1.5, -0.3]]).repeat(8, 1)
    data = {"x": x, "labels": torch.tensor([0, 0, 0, 1, 0, 0, 1, 0])}
    entropy = -(0.75 * math.log(0.75) + 0.25 * math.log(0.25))
    for lr, steps in ((0.1, 150), (0.02, 300), (0.5, 1000)):
        (run,) = losses(student, data, lr=lr, steps=steps)
        lowest = min(run)
        if lowest < 1.1 * entropy:
            break
    evidence = f"The lowest possible is {entropy:.4g}, and yours is {lowest:.4g}."
    if all(loss == round(loss, 4) for loss in run):
        raise Fault("rounded_losses", evidence, about=NOTE)
    if 1e-3 < entropy - lowest < 0.1 * entropy and max(abs(loss - lowest) for loss in run[-10:]) < 1e-3:
        raise Fault("padded_logarithm", evidence, about=NOTE)
    if lowest < entropy - 1e-3:
        (learnable,) = losses(student, batch(8, 5, 2, seed=8), lr=lr, steps=steps)
        ratios = [[loss / each[0] for loss in each[::10]] for each in (run, learnable)]
        invented = all(abs(a - b) < 1e-3 for a, b in zip(*ratios, strict=True))
        raise Fault("invented_losses" if invented else "part_of_the_batch", evidence)
    if not lowest < 1.1 * entropy:
        tell = "On a batch in which equal samples have different labels, your loss does not get to the labels' entropy."
        raise Fault("not_the_cross_entropy", f"{tell} {evidence}", about=NOTE)


def uses_the_generator(student):
    data = batch(8, 20, 4, seed=10) | {"steps": 5}
    first, again, other = losses(student, *({"generator": Seed(seed)} for seed in (1, 1, 2)), **data)
    if any(abs(a - b) > 1e-5 * max(1.0, abs(a)) for a, b in zip(first, again, strict=True)):
        raise Fault("generator_not_used")
    if first == other:
        raise Fault("weights_always_the_same")
    order = ("x", "labels", "hidden", "lr", "steps", "generator")
    inputs = {**data, "hidden": 16, "lr": 0.1, "generator": Seed(1)}
    one, two = student.values([Call({name: inputs[name] for name in order}, times=2)])[0]
    if one == two:
        raise Fault("generator_seeded_again")


def notes_the_loss_before_the_step(student):
    data = batch(8, 20, 4, seed=9)
    still, slow, fast = losses(student, {"lr": 0.0}, {"lr": 0.001}, {"lr": 0.5}, **data, steps=6)
    if max(still) - min(still) > 1e-4:
        raise Fault("lr_ignored", _told(still))
    if max(abs(run[0] - still[0]) for run in (slow, fast)) > 1e-5:
        evidence = f"Now the first is {still[0]:.5g} at lr=0, and {fast[0]:.5g} at lr=0.5."
        raise Fault("loss_after_the_step", evidence, about=NOTE)
    if slow == fast:
        raise Fault("lr_ignored", "At lr=0.001 and at lr=0.5 the losses are the same.")


def notes_losses_that_rise(student):
    """At a learning rate of 1000 on equal samples with different labels any first step goes much too far."""
    data = {"x": torch.tensor([[0.7, -1.2, 0.4]]).repeat(4, 1), "labels": torch.tensor([0, 0, 1, 0])}
    (answer,) = student.ask([Call(data | {"hidden": 16, "lr": 1000.0, "steps": 6, "generator": Seed(5)})])
    if answer.raised is not None:  # the logarithm of 0, say: at such a rate nothing else is asked
        return
    _has_the_form(answer.value, 6)
    if all(later <= earlier for earlier, later in pairwise(answer.value)):  # NaN is never less
        raise Fault("best_so_far", _told(answer.value), about=NOTE)


def bends(student):
    """XOR, far from the origin: the best linear network stays at log 2 = 0.693."""
    x = torch.tensor([[3.0, 2.5], [3.0, -1.5], [-1.0, 2.5], [-1.0, -1.5]]).repeat(2, 1)
    data = {"x": x, "labels": torch.tensor([0, 1, 1, 0] * 2)}
    lowest = math.inf
    for lr, steps in ((0.5, 300), (0.1, 300), (0.5, 1500), (0.02, 1500)):
        (run,) = losses(student, data, lr=lr, steps=steps, hidden=64)
        lowest = min(lowest, run[-1])
        if lowest < 0.6:
            return
    raise Fault("no_nonlinearity", f"The lowest of your last losses is {lowest:.4g}.")


def trains_every_layer(student):
    """Four units are too few for chance: full training ends below 0.2 in the median, with a frozen layer above 0.55."""
    data = batch(16, 40, 4, seed=12)
    medians = []
    for lr, steps, count in ((0.1, 250, 3), (0.1, 500, 5), (0.5, 500, 5), (0.02, 500, 5)):
        seeds = [{"generator": Seed(seed)} for seed in range(count)]
        runs = losses(student, *seeds, **data, lr=lr, steps=steps, hidden=4)
        medians.append(statistics.median(run[-1] for run in runs))
        if medians[-1] < 0.4:
            return
    raise Fault("a_layer_never_learns", f"The median of the runs ends at {min(medians):.4g}.")


def counts_classes_without_a_sample(student):
    """With labels 0, 1 and 4 there are five classes; of inputs that are 0 a network knows nothing: log 5."""
    inputs = {"x": torch.zeros(4, 5), "labels": torch.tensor([4, 0, 1, 4]), "hidden": 16, "lr": 0.1, "steps": 1}
    (answer,) = student.ask([Call(inputs | {"generator": Seed(6)})])
    if answer.raised is not None:
        evidence = f"With the labels 0, 1 and 4 your code raises {answer.raised.kind}."
        raise Fault("classes_counted_by_their_labels", evidence)
    _has_the_form(answer.value, 1)
    if answer.value[0] < 0.5 * (math.log(3) + math.log(5)):  # random biases may lift it, and nothing can lower it
        evidence = f"With the labels 0, 1 and 4 the first loss is {answer.value[0]:.4g}, and log 5 is 1.609."
        raise Fault("classes_counted_by_their_labels", evidence)


def uses_hidden_and_the_dtype(student):
    data = batch(8, 20, 4, seed=13)
    few, many = losses(student, {"hidden": 3}, {"hidden": 50}, **data, steps=4)
    if few == many:
        raise Fault("hidden_ignored")
    try:
        (exact,) = losses(student, batch(8, 20, 4, seed=13, dtype=torch.float64), steps=8)
    except Fault as fault:
        raise Fault(fault.mistake, f"For x in float64: {fault.tell}", status=fault.status) from None
    if all(loss == torch.tensor(loss, dtype=torch.float32).item() for loss in exact):
        raise Fault("float32_network")
