"""Hidden grader of the unit training.

What a right run returns depends on its own random draws, so it is not compared with the reference's. What must hold
of any run is asked for, and small runs are laid out so that a slip shows:

- at a rate of (almost) 0 nothing moves, so the weights that come back are the initial ones, and every recorded loss
  can be worked out from them;
- with one batch of all samples the order is no matter, so the run can be replayed step by step (`replay.py`) from
  the initial weights and the rates that were reported;
- exchanging samples within a batch changes nothing only where the batches are not shuffled.

An optimizer that the replay does not know is judged by the outcome alone.
"""

import itertools
import math

import torch

from backpass.judging.assertions import leaves_inputs_alone, leaves_no_trace
from backpass.judging.cases import Statistics, fixed, tensors
from backpass.judging.checks import check
from backpass.judging.failures import Fault
from backpass.worker.invoke import Call
from graders.training.replay import (
    DECAYS,
    SLIPS,
    applied,
    correct,
    decay_of,
    gradients,
    losses_of_other_networks,
    replayed,
)
from graders.training.runs import EPOCHS, EVEN, PROBES, SMALL, Run, X, Y, apart, cases_of, raise_as_fault

TRAIN_MLP = "training.train_mlp"
ACCURACY = 0.95
MAX_NORMS = (1.0, 0.5, 0.25, 0.1, 2.0, 5.0)  # those that people clip to
SAME_ORDER = 1e-3  # the same, where order may matter little
SAME = 0.01  # of the way that the weights went: another order or another formula moves them much further apart
FORM = Statistics(measure=lambda inputs, value: {}, theory=lambda inputs: {})


def runs(student, name):
    """The submission's runs of one request, in the order of its cases."""
    cases = cases_of(name, student.device)
    answers = student(cases)
    for answer in answers:
        if answer.raised is not None:
            raise_as_fault(answer.raised)
    found = [Run(case.inputs, answer.value) for case, answer in zip(cases, answers, strict=True)]
    if found[0].one_rate_an_epoch:
        if name == "probes":
            is_trained(named(found))
            uses_batches(named(found))
        raise found[0].one_rate_an_epoch
    return found


def named(found):
    return dict(zip(PROBES, found, strict=True))


def probes(student):
    return named(runs(student, "probes"))


@check(TRAIN_MLP, fixed(PROBES["tiny"], dtypes=(torch.float32,), statistics=FORM), weight=2)
def test_train_mlp_makes_the_steps_that_it_should(student, cases):
    """The first cases are small, as they are traced in full; see `before_the_checks`."""
    found = probes(student)
    is_trained(found)
    is_repeatable(found)
    uses_batches(found)
    shuffles(found)
    follows_the_replay(student, found)


def is_trained(found):
    start, end = found["still"], found["mini"]
    weight = start.weights[0]
    if bool((weight == weight[0]).all()):
        raise Fault("units_start_at_one" if bool(weight.any()) else "units_start_equal")
    shrunk = found["whole still"].weights[0]  # one step more
    if apart([weight], [shrunk]) > 1e-4 and _only_shrunk(weight, shrunk):
        raise Fault("decay_not_scaled_by_the_rate")
    moves = apart([weight], [shrunk]) > 1e-5 and abs(start.val_losses[0] - start.val_losses[-1]) > 1e-3
    if max(start.rates) > 1e-3 or moves:
        raise Fault("max_lr_makes_no_difference")
    if apart(start.weights, end.weights) < 1e-6:
        raise Fault("untrained_weights_returned")
    for layer, id in ((0, "first_layer_not_trained"), (1, "last_layer_not_trained")):
        if _only_shrunk(start.weights[layer], end.weights[layer]):
            raise Fault(id)
    if any(_only_shrunk(start.biases[layer], end.biases[layer]) for layer in (0, 1)):
        raise Fault("biases_not_trained")


def _only_shrunk(before, after):
    """Whether a tensor only became a little smaller, all of it by one factor, as weight decay makes it."""
    scale = (before * after).sum().item() / max((before * before).sum().item(), 1e-30)
    return (0.5 < scale <= 1 + 1e-6 and apart([scale * before], [after]) < 1e-6) or not bool(after.any())


def is_repeatable(found):
    first, again, other = (found[name].params for name in ("mini", "again", "other seed"))
    way = apart(found["still"].params, first)
    if apart(first, again) > SAME * way:
        raise Fault("generator_ignored")
    if apart(first, other) < SAME * way:
        raise Fault("seed_of_its_own")
    # Whoever returns the weights of the best epoch chooses by the validation set, and does not train on it.
    # Little of it is enough: what the same run differs by, when it is repeated, is the rounding of the device.
    losses, repeated, others = (found[name].train_losses for name in ("mini", "again", "other validation set"))
    if _farthest(losses, others) > 10 * _farthest(losses, repeated) + 1e-6:
        raise Fault("trains_on_the_validation_set")


def _farthest(losses, others):
    return max(abs(a - b) / (1 + abs(a)) for a, b in zip(losses, others, strict=True))


def uses_batches(found):
    """Samples that change places across batches make a difference, unless all samples are one batch."""
    first = found["mini"].params
    if apart(first, found["across"].params) < SAME_ORDER * apart(found["still"].params, first):
        raise Fault("batch_size_ignored")


def shuffles(found):
    first = found["mini"].params
    if apart(first, found["inside"].params) < SAME_ORDER * apart(found["still"].params, first):
        raise Fault("not_shuffled")


def follows_the_replay(student, found):
    start, end = found["whole still"], found["whole"]
    if sum(start.rates) > 1e-6:
        return  # a rate that never falls to 0, whatever max_lr is: the initial weights are not known
    batches = [(X, Y)] * EPOCHS
    settings = _settings(start, end, batches)
    if settings is not None:
        counts_steps(student, settings)
        return
    for slip in SLIPS:
        for rates in applied(end.rates, end.inputs["max_lr"], slip):
            read = decay_of(start.params, end.params, rates)
            decays = DECAYS if slip == "decay_in_the_gradient" else (read,)
            for decay, decay_biases, max_norm in itertools.product(decays, (True, False), (None, 1.0)):
                if decay is not None:
                    options = {"decay_biases": decay_biases, "max_norm": max_norm, "slip": slip}
                    if _is_same(start, end, replayed(start.params, batches, rates, decay, **options)):
                        raise Fault(slip)
    keeps_labels_with_their_samples(student)


def counts_steps(student, settings):
    """Over epochs of two steps, in each of the orders that they may have had."""
    _, end, start = runs(student, "turns")
    x, y = end.inputs["x_train"], end.inputs["y_train"]
    ways = [
        [(x[i : i + 1], y[i : i + 1]) for first in firsts for i in (first, 1 - first)]
        for firsts in itertools.product((0, 1), repeat=4)
    ]
    for slip in (None, "t_counts_epochs", "gradients_accumulate_in_an_epoch"):
        for max_norm, way in itertools.product((None, *MAX_NORMS), ways):
            options = {**settings, "max_norm": max_norm, "slip": slip, "steps_an_epoch": 2}
            if _is_same(start, end, replayed(start.params, way, end.rates, **options)):
                if slip:
                    raise Fault(slip)
                return


def _settings(start, end, batches):
    """The settings with which the replay takes the submission's way, None where it does with none."""
    decay = decay_of(start.params, end.params, end.rates)
    for max_norm, decay_biases in itertools.product((None, *MAX_NORMS), (True, False)):
        if decay is not None:
            settings = {"decay": decay, "decay_biases": decay_biases, "max_norm": max_norm}
            if _is_same(start, end, replayed(start.params, batches, end.rates, **settings)):
                return settings
    return None


def _is_same(start, end, params):
    return apart(params, end.params) < SAME * apart(start.params, end.params)


def keeps_labels_with_their_samples(student):
    """With one batch of three samples there are six ways to pair them with their labels, and one is right."""
    found = runs(student, "pairs")
    arrangements = [torch.tensor(order) for order in itertools.permutations(range(3))]
    for end, start in zip(found[::2], found[1::2], strict=True):
        decay = decay_of(start.params, end.params, end.rates)
        if decay is None:
            return
        x, y = end.inputs["x_train"], end.inputs["y_train"]
        ways = itertools.product(arrangements, repeat=2)  # the right one, twice, comes first
        fitting = (
            position
            for position, orders in enumerate(ways)
            if _is_same(start, end, replayed(start.params, [(x, y[order]) for order in orders], end.rates, decay))
        )
        if next(fitting, 0) > 0:
            raise Fault("images_and_labels_apart")


@check(TRAIN_MLP, weight=2)
def test_train_mlp_records_its_losses(student):
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
    """At the rate 0 all of them are known. Else the last one is, or the first where the loss is taken before epochs."""
    losses = run.losses("val")
    right = losses.mean().item()
    if run is not still:
        before = still.losses("val").mean().item()
        if any(_near(loss, right) for loss in run.val_losses) or _near(run.val_losses[0], before):
            return
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
            raise Fault("shuffled_once")
        return
    for id, values in known.items():
        if _all_among(still.train_losses, values):
            raise Fault(id)
    if _vary(still.train_losses) and all(losses.min() <= loss <= losses.max() for loss in still.train_losses):
        raise Fault("samples_not_once")
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


@check(TRAIN_MLP, weight=1)
def test_train_mlp_walks_downhill(student):
    """From its first state, every optimizer that looks at each weight alone moves it against its gradient.

    Two steps, as the rate of the very first may be 0. A gradient that is small may be rounded away, or outweighed by
    the decay where steps are not all of one length, as Adam's first ones are.
    """
    found = probes(student)
    start, end = found["first step still"], found["first step"]
    grads = gradients([param.double() for param in start.params], X.double(), Y)
    names = ("`weights[0]`", "`weights[1]`", "`biases[0]`", "`biases[1]`")
    for name, grad, before, after in zip(names, grads, start.params, end.params, strict=True):
        move = after.double() - before.double()
        of_one_length = bool(move.abs().median() > 0.8 * move.abs().max())
        decay = 0 if of_one_length else 0.02 * before.abs()
        large = (grad.abs() > decay + 1e-3 * grad.abs().max()) & (move.abs() > 1e-6)
        wrong = large & (move * grad > 0)
        if bool(wrong.any()):
            raise Fault("wrong_gradient", f"(The first to go astray is {name}, in {int(wrong.sum())} of its entries.)")


@check(TRAIN_MLP, weight=3)
def test_train_mlp_moves_its_rate(student):
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


@check(TRAIN_MLP, weight=10)
def test_train_mlp_learns_the_digits(student):
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
        raise Fault("starts_too_high", numbers)
    reached = correct(run.params, run.inputs["x_val"], run.inputs["y_val"])
    if reached < ACCURACY:
        if _descends_plainly(probes(student)):
            raise Fault("plain_gradient_descent")
        raise _too_few(run, reached)
    if not last < first / 2 or not run.val_losses[-1] < run.val_losses[0]:
        raise Fault(
            "curve_does_not_fall",
            f"{reached:.1%} of the digits come out right, and yet the recorded losses do not fall: `train_losses` goes "
            f"from {first:.3g} to {last:.3g}, `val_losses` from {run.val_losses[0]:.3g} to {run.val_losses[-1]:.3g}.",
        )


def _descends_plainly(found):
    start, end = found["whole still"], found["whole"]
    options = {"decay": 0.0, "slip": "plain_gradient_descent"}
    return any(
        _is_same(start, end, replayed(start.params, [(X, Y)] * EPOCHS, end.rates, max_norm=max_norm, **options))
        for max_norm in (None, *MAX_NORMS)
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


@check(TRAIN_MLP, weight=1)
def test_train_mlp_starts_as_he_did(student):
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
        raise Fault("weights_not_around_zero")
    for id, scale in others.items():
        if abs(deviations / scale - 1) < 0.025:
            if id is None:
                return
            raise Fault(id)
    if not 0.5 < deviations < 2:
        raise Fault("not_the_scale_of_he", f"(Yours is {deviations:.2g} times that.)")


def he_deviations(student):
    """The standard deviation of the first layer's initial weights, in units of He's."""
    weight = runs(student, "wide")[1].weights[0]
    return weight.std().item() / math.sqrt(2 / weight.shape[1])


@check(TRAIN_MLP, weight=1, once_right=True)
def test_train_mlp_of_other_sizes(student):
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


@check(TRAIN_MLP, weight=1, once_right=True)
def test_train_mlp_deals_the_batches_anew(student):
    """Two runs from one generator: where the second one starts tells how much the first has drawn."""
    calls = [Call({**PROBES["still"], "epochs": epochs}, times=2) for epochs in (1, 3)]
    one, three = (Run(call.args, values[1]) for call, values in zip(calls, student.values(calls), strict=True))
    if apart(one.params, three.params) < 1e-6 and repeats_its_order(student):
        raise Fault("shuffled_once")


def repeats_its_order(student):
    """Whether the second epoch goes through four samples as the first does, for each of 8 seeds: by chance (1/24)^8."""
    found = runs(student, "orders")
    return all(_repeats(start, end) for end, start in zip(found[::2], found[1::2], strict=True))


def _repeats(start, end):
    decay = decay_of(start.params, end.params, end.rates)
    if decay is None:
        return False
    x, y = end.inputs["x_train"], end.inputs["y_train"]
    for max_norm, order in itertools.product((None, *MAX_NORMS), itertools.permutations(range(4))):
        batches = [(x[i : i + 1], y[i : i + 1]) for i in order]
        if _is_same(start, end, replayed(start.params, 2 * batches, end.rates, decay, max_norm=max_norm)):
            return True
    return False


@check(TRAIN_MLP, weight=1, once_right=True)
def test_train_mlp_clips_its_gradients(student):
    """Gradients of inputs a thousand times as large are far longer than what anybody clips to, or else far shorter."""
    found = probes(student)
    start = found["whole still"]
    settings = _settings(start, found["whole"], [(X, Y)] * EPOCHS)
    if settings is None:
        return

    def goes(name, x, labels, **options):
        end = found[name]
        return _is_same(start, end, replayed(start.params, [(x, labels)] * EPOCHS, end.rates, **settings | options))

    if not goes("large", 1000 * X, Y, max_norm=1.0):
        if goes("large", 1000 * X, Y, max_norm=None):
            raise Fault("not_clipped")
        if goes("large", 1000 * X, Y, max_norm=1.0, slip="clipped_one_by_one"):
            raise Fault("clipped_one_by_one")
    small = SMALL, Y[EVEN]
    if not goes("small", *small, max_norm=None) and goes("small", *small, slip="gradients_scaled_up"):
        raise Fault("gradients_scaled_up")


@check(TRAIN_MLP, weight=1, once_right=True)
def test_train_mlp_is_pure(student):
    for name in ("probes", "digits"):
        cases = cases_of(name, student.device)
        leaves_inputs_alone(student, cases)
        leaves_no_trace(student, cases)
