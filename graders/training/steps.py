"""The steps of a run: which they are, as a replay of small runs from their initial weights tells.

An optimizer that the replay does not know is judged by the outcome alone.
"""

import itertools

import torch

from backpass.judging.failures import Fault
from backpass.worker.calls import Call
from graders.training.replay import (
    DECAYS,
    LOST,
    SHORT_BATCH_SKIPPED,
    SLIPS,
    applied,
    decay_of,
    gradients,
    replayed,
)
from graders.training.runs import EPOCHS, EVEN, PROBES, SMALL, Run, X, Y, apart, cases_of, raise_as_fault

MAX_NORMS = (1.0, 0.5, 0.25, 0.1, 2.0, 5.0)  # those that people clip to
TWO_ORDERS = [([0], [1]), ([1], [0])]  # of an epoch of two samples, one at a time
SAME_ORDER = 1e-3  # the same, where order may matter little
SAME = 0.01  # of the way that the weights went: another order or another formula moves them much further apart


def runs(student, name):
    """The submission's runs of one request, in the order of its cases."""
    cases = cases_of(name, student.device)
    answers = student(cases)
    for case, answer in zip(cases, answers, strict=True):
        if answer.raised is not None:
            raise_as_fault(case.call(), answer.raised)
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


def makes_the_steps_that_it_should(student, cases):
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
        raise Fault("units_start_at_one" if bool(weight.any()) else "units_start_equal", about="the start")
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
        raise Fault("not_shuffled", about="the order")


def follows_the_replay(student, found):
    start, end = found["whole still"], found["whole"]
    if sum(start.rates) > 1e-6:
        return  # a rate that never falls to 0, whatever max_lr is: the initial weights are not known
    batches = [(X, Y)] * EPOCHS
    settings = _settings(start, end, batches)
    if settings is not None:
        counts_steps(student, settings)
        uses_short_batches(student, settings)
        return
    for slip in SLIPS:
        for rates in applied(end.rates, end.inputs["max_lr"], slip):
            read = decay_of(start.params, end.params, rates)
            decays = DECAYS if slip == "decay_in_the_gradient" else (read,)
            for decay, decay_biases, max_norm in itertools.product(decays, (True, False), (None, 1.0)):
                if decay is not None:
                    options = {"decay_biases": decay_biases, "max_norm": max_norm, "slip": slip}
                    if _is_same(start, end, replayed(start.params, batches, rates, decay, **options)):
                        if slip in LOST:
                            raise Fault(_when_lost(student, slip, decay, options), about="the beginning")
                        raise Fault(slip)
    keeps_labels_with_their_samples(student)


def _when_lost(student, slip, decay, options):
    """The id of what is lost on the way, which in epochs of one step each is the same for two mistakes."""
    ways = (slip, LOST[slip])
    return _slip_in_epochs(student, "turns", TWO_ORDERS, ways, {**options, "decay": decay}) or slip


def counts_steps(student, settings):
    """Over epochs of two steps, in each of the orders that they may have had."""
    slip = _slip_in_epochs(
        student, "turns", TWO_ORDERS, ("t_counts_epochs", "gradients_accumulate_in_an_epoch"), settings
    )
    if slip:
        raise Fault(slip)


def uses_short_batches(student, settings):
    """Of three samples in twos, the last is a batch, too."""
    orders = [([0, 1], [2]), ([0, 2], [1]), ([1, 2], [0])]
    if _slip_in_epochs(student, "short", orders, SHORT_BATCH_SKIPPED, settings):
        raise Fault("short_batch_skipped", about="the batches")


def _slip_in_epochs(student, name, orders, slips, settings):
    """The slip that a run of epochs of two steps is explained by, each epoch in one of `orders`; None where none is."""
    _, end, start = runs(student, name)
    x, y = end.inputs["x_train"], end.inputs["y_train"]
    ways = [
        [(x[samples], y[samples]) for order in each for samples in order]
        for each in itertools.product(orders, repeat=end.inputs["epochs"])
    ]
    for slip in (None, *slips):
        for max_norm, way in itertools.product((None, *MAX_NORMS), ways):
            options = {**settings, "max_norm": max_norm, "slip": slip, "steps_an_epoch": 2}
            if _is_same(start, end, replayed(start.params, way, end.rates, **options)):
                return slip
    return None


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
            raise Fault("images_and_labels_apart", about="the order")


def walks_downhill(student):
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


def deals_the_batches_anew(student):
    """Two runs from one generator: where the second one starts tells how much the first has drawn."""
    calls = [Call({**PROBES["still"], "epochs": epochs}, times=2) for epochs in (1, 3)]
    one, three = (Run(call.args, values[1]) for call, values in zip(calls, student.values(calls), strict=True))
    if apart(one.params, three.params) < 1e-6 and repeats_its_order(student):
        raise Fault("shuffled_once", about="the order")


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


def clips_its_gradients(student):
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


def descends_plainly(found):
    start, end = found["whole still"], found["whole"]
    options = {"decay": 0.0, "slip": "plain_gradient_descent"}
    return any(
        _is_same(start, end, replayed(start.params, [(X, Y)] * EPOCHS, end.rates, max_norm=max_norm, **options))
        for max_norm in (None, *MAX_NORMS)
    )
