"""Hidden grader of the unit optimizers.

Single steps start from states in the middle of a run. Where a state is carried, whole runs follow, in which each
step gets what the submission itself has returned.
"""

import functools
import inspect
from itertools import pairwise

import torch
from hypothesis import strategies as st

from backpass.judging.assertions import agree, leaves_inputs_alone, leaves_no_trace
from backpass.judging.cases import Statistics, draw, fixed
from backpass.judging.checks import check
from backpass.judging.failures import Fault
from backpass.worker.invoke import Call
from backpass.worker.wire import Seed
from graders import strategies as some
from graders.optimizers import mistakes as known
from solutions.optimizers import adam_step

HYPERS = {
    "lr": st.sampled_from([0.1, 0.05, 0.5]),
    "beta1": st.sampled_from([0.8, 0.6, 0.7]),
    "beta2": st.sampled_from([0.95, 0.75, 0.98]),
    "eps": st.sampled_from([1e-2, 0.1, 0.05]),
}


BOTH = (torch.float32, torch.float64)


def shapes():
    return st.sampled_from([(3,), (), (2, 3), (1,), (3, 2), (2, 1, 3), (4, 3)])


def pure(student, cases):
    leaves_inputs_alone(student, cases)
    leaves_no_trace(student, cases)


def fault(mistake, case=None):
    """The catalogue's own words for `mistake`, one of its functions."""
    return Fault(mistake.__name__, " ".join(inspect.getdoc(mistake).split()), case)


def forms(*names, **values):
    """Inputs `names`: without dimensions, not contiguous in memory, and a parameter of 0, which draws may leave out."""
    for dtype in BOTH:
        for shape in ((), (3, 2)):
            inputs = {}
            for place, name in enumerate(names, start=1):
                numbers = torch.arange(1, 7, dtype=dtype)[: 1 if shape == () else 6].reshape(shape)
                inputs[name] = (numbers / (3 * place + 1)).mT if shape else numbers / (3 * place + 1)
            yield inputs | values
        # A zero among the parameters alone: what goes wrong there does not go wrong because of it.
        yield {name: torch.tensor([0.0 if name == "param" else 0.75, 0.5], dtype=dtype) for name in names} | values


LARGE = {"param": [300.0, -4000.0, 25.0], "grad": [250.0, -0.5, -1500.0], "velocity": [40.0, -700.0, 3.0]}
LARGE |= {"sum_sq": [1e5, 3e6, 40.0], "mean_sq": [1e5, 3e6, 40.0], "m": [-120.0, 30.0, 900.0], "v": [2e4, 2e3, 1e6]}
SMALL = {"param": [2e-7, -1e-7, 5e-8], "grad": [3e-7, -2e-7, 1e-7], "velocity": [4e-7, -3e-7, 1e-7]}
SMALL |= {"sum_sq": [1e-13, 4e-14, 9e-15], "mean_sq": [1e-13, 4e-14, 9e-15], "m": [1e-7, 2e-7, 3e-8]}
SMALL |= {"v": [1e-13, 4e-14, 9e-15]}


def extremes(*names, large, small):
    """Inputs `names` of sizes far from 1, with hyper-parameters at their ends: nothing is limited, nothing rounded."""
    for dtype in BOTH:
        for numbers, values in ((LARGE, large), *((SMALL, each) for each in small)):
            yield {name: torch.tensor(numbers[name], dtype=dtype) for name in names} | values


# ----------------------------------------------------------------------------------- slopes to walk down


def slope(curvature, target, coupling=0.0, bend=0.0):
    """The gradient of a smooth valley; its numbers are exact in float32, and one coordinate may move the others."""

    def gradient(w):
        return curvature * (w - target) + coupling * w.sum() + bend * torch.tanh(w)

    gradient.__doc__ = (
        f"w -> {curvature:g} * (w - {target:g})"
        + (f" + {coupling:g} * w.sum()" if coupling else "")
        + (f" + {bend:g} * tanh(w)" if bend else "")
    )
    return gradient


@st.composite
def slopes(draw):
    numbers = ([1.0, 2.0, 0.5, 1.25], [0.0, 3.0, -1.5], [0.0, 0.125, 0.25], [0.0, 1.0, 2.0])
    return slope(*(draw(st.sampled_from(each)) for each in numbers))


@st.composite
def descents(draw, dtype):
    return {
        "grad_fn": draw(slopes()),
        "start": draw(some.tensors(draw(shapes()), dtype)),
        "lr": draw(st.sampled_from([0.1, 0.3, 0.05, 0.7])),
        "steps": draw(st.sampled_from([3, 2, 5, 1, 12])),
    }


def no_step(dtype):
    return {"grad_fn": slope(2.0, 3.0), "start": torch.tensor([0.7, -1.3], dtype=dtype), "lr": 0.1, "steps": 0}


DESCENTS = draw(descents, count=10)
BENT = slope(1.25, 3.0, bend=1.0)
DESCENTS_IN_ALL_FORMS = fixed(*({"grad_fn": BENT} | each for each in forms("start", lr=0.3, steps=3)))


def at_the_bottom(dtype):
    """Where the gradient is 0, and where it is small: the walk goes on, however short its steps become."""
    bottom = torch.tensor([3.0, 3.0], dtype=dtype)
    for start in (bottom, bottom + 2**-20, bottom + 2**-12, bottom + 2**-8):
        yield {"grad_fn": slope(2.0, 3.0), "start": start, "lr": 0.1, "steps": 4}


def too_fast(dtype):
    """Rates at which each step ends higher up than it began: the walk diverges, and is to be seen doing so."""
    start = torch.tensor([0.7, -1.3, 4.0], dtype=dtype)
    yield {"grad_fn": slope(2.0, 3.0), "start": start, "lr": 1.25, "steps": 5}
    yield {"grad_fn": slope(1.25, -1.5, coupling=0.25, bend=1.0), "start": 100 * start, "lr": 1.5, "steps": 7}


NO_STEPS = fixed(*map(no_step, BOTH))
AT_THE_BOTTOM = fixed(*(case for dtype in BOTH for case in at_the_bottom(dtype)))
TOO_FAST = fixed(*(case for dtype in BOTH for case in too_fast(dtype)))


@check("optimizers.gradient_descent", DESCENTS, DESCENTS_IN_ALL_FORMS, weight=8)
def test_gradient_descent_points(student, cases):
    agree(student, cases)


@check("optimizers.gradient_descent", NO_STEPS, AT_THE_BOTTOM, TOO_FAST, weight=1, once_right=True)
def test_gradient_descent_without_steps_without_slopes_and_too_fast(student, cases):
    agree(student, cases)


@check("optimizers.gradient_descent", DESCENTS, weight=1, once_right=True)
def test_gradient_descent_is_pure(student, cases):
    pure(student, cases)


# ------------------------------------------------------------------------------------------- minibatches


FORM = Statistics(measure=lambda inputs, batches: {}, theory=lambda inputs: {})
DEALS = fixed(
    *(
        {"num_samples": samples, "batch_size": size, "generator": Seed(100 * samples + size)}
        for samples, size in ((10, 4), (12, 4), (7, 2), (5, 1), (3, 8), (6, 6), (1, 1), (101, 10), (64, 63))
    ),
    statistics=FORM,
)


def batches_of(student, cases):
    """The batches of each case as lists of numbers, once they are lists of tensors of whole numbers."""
    answers = student(cases)
    for case, answer in zip(cases, answers, strict=True):
        mistake = wrong_form(answer.value)
        if mistake is not None:
            raise fault(mistake, case)
        if not in_form(answer.value):
            agree(student, cases)
    return [[batch.tolist() for batch in answer.value] for answer in answers]


def in_form(batches):
    return isinstance(batches, list | tuple) and all(
        isinstance(batch, torch.Tensor)
        and batch.dim() == 1
        and not batch.is_floating_point()
        and not batch.is_complex()
        and batch.dtype != torch.bool
        for batch in batches
    )


def wrong_form(batches):
    """Which mistake it is that batches come in the form of `batches`, None where it is right or of no known mistake."""
    if isinstance(batches, torch.Tensor):
        return known.one_tensor_for_all
    # A generator of the submission's travels as the name of its type.
    if getattr(batches, "type_name", type(batches).__name__) == "generator":
        return known.batches_yielded
    if not isinstance(batches, list | tuple) or not batches:
        return None
    if len(batches) == 2 and isinstance(batches[0], list | tuple) and isinstance(batches[1], torch.Tensor):
        return known.order_returned_as_well
    if all(isinstance(index, int) for index in batches):
        return known.list_of_numbers
    if any(isinstance(batch, list | tuple) for batch in batches):
        return known.lists_of_numbers
    if all(isinstance(batch, torch.Tensor) for batch in batches):
        if all(batch.dim() == 0 for batch in batches):
            return known.list_of_numbers
        if any(batch.is_floating_point() for batch in batches):
            return known.indices_are_floats
        if any(batch.dim() == 2 for batch in batches):
            return known.indices_get_a_dimension
        if any(batch.dtype != torch.int64 for batch in batches) and in_form(batches):
            return known.indices_of_another_whole_dtype
    return None


# Ways of cutting that give wrong sizes, or leave samples out.
CUTS = (
    *(known.not_cut_into_batches, known.first_batch_only, known.first_batch_left_out, known.last_batch_left_out),
    *(known.one_left_over_dropped, known.short_batch_dropped, known.short_batch_filled_up, known.short_batch_first),
    *(known.rest_added_to_the_last_batch, known.empty_batch_at_the_end, known.one_sample_a_batch),
    *(known.batches_overlap, known.batches_one_too_long, known.batches_one_too_short, known.strided_batches),
    *(known.evenly_cut, known.cut_by_chunk, known.batch_size_taken_for_the_number_of_batches),
)


def right_sizes(samples, size):
    return [min(size, samples - first) for first in range(0, samples, size)]


def cut(batches, samples):
    """The sizes of the batches, and whether each sample is in one of them just once."""
    indices = sorted(index for batch in batches for index in batch)
    return [len(batch) for batch in batches], indices == list(range(samples))


@functools.cache
def known_cut(mistake, samples, size):
    given = {"order": torch.arange(samples), "batch_size": size}
    batches = mistake(**{name: given[name] for name in inspect.signature(mistake).parameters})
    return cut([batch.tolist() for batch in batches], samples)


def wrongly_cut(deals):
    """How `deals`, of (samples, size, batches), are cut; None where every batch has its size.

    The way of cutting that most of the wrong ones agree with, if it is most.
    """
    cuts = [(samples, size, cut(batches, samples)) for samples, size, batches in deals]
    wrong = [(samples, size, each) for samples, size, each in cuts if each[0] != right_sizes(samples, size)]
    if not wrong:
        return None

    def agreeing(way, some):
        return sum(known_cut(way, samples, size) == each for samples, size, each in some)

    of_neighbours = all(
        batch == list(range(batch[0], batch[0] + len(batch))) for *_, batches in deals for batch in batches if batch
    )
    if of_neighbours and all(sorted(each[0])[::-1] == right_sizes(samples, size) for samples, size, each in cuts):
        return known.batches_shuffled_and_not_samples
    best = max(CUTS, key=lambda way: agreeing(way, cuts))
    if best is known.short_batch_filled_up and any(
        len({index for batch in batches[:-1] for index in batch}) < sum(map(len, batches[:-1])) for *_, batches in deals
    ):
        # Nobody draws a sample twice into one batch by shuffling anew for each.
        inside = any(len(set(batch)) < len(batch) for *_, batches in deals for batch in batches)
        return known.drawn_with_replacement if inside else known.each_batch_drawn_anew
    return best if agreeing(best, wrong) > len(wrong) / 2 else known.wrong_sizes


def wrongly_dealt(samples, batches):
    """What is wrong with the indices of one epoch of batches of the right sizes, None where nothing is."""
    indices = [index for batch in batches for index in batch]
    if sorted(indices) == list(range(samples)):
        return None
    if sorted(indices) == list(range(1, samples + 1)):
        return known.counted_from_one
    if len(set(indices)) == len(indices) or min(indices) < 0 or max(indices) >= samples:
        return known.indices_out_of_range
    inside = all(len(set(batch)) == len(batch) for batch in batches)
    return known.each_batch_drawn_anew if inside and len(batches) > 1 else known.drawn_with_replacement


@check("optimizers.minibatches", DEALS, weight=4)
def test_minibatches_deal_each_sample_once(student, cases):
    of_cases = [(case.inputs["num_samples"], case.inputs["batch_size"]) for case in cases]
    dealt = batches_of(student, cases)
    mistake = wrongly_cut([(*each, batches) for each, batches in zip(of_cases, dealt, strict=True)])
    if mistake is not None:
        raise fault(mistake)
    found = {wrongly_dealt(samples, batches) for (samples, _), batches in zip(of_cases, dealt, strict=True)} - {None}
    # Chance may make one of these look like another for few samples: the catalogue has the most special one first.
    for mistake in sorted(found, key=lambda each: each.__code__.co_firstlineno):
        raise fault(mistake)
    agree(student, cases)


def ordered(batches):
    return [index for batch in batches for index in batch.tolist()]


@check("optimizers.minibatches", weight=4)
def test_minibatches_are_shuffled(student):
    """All orders are equally likely: chance fails a right answer less than once in 1e11 times."""
    large = {"num_samples": 1000, "batch_size": 64, "generator": Seed(5)}
    again, other = {**large}, {**large, "generator": Seed(6)}
    first, second, third = student.values([Call(large), Call(again), Call(other)])
    order = ordered(first)
    mistake = not_shuffled(order, [batch.tolist() for batch in first])
    if mistake is None and order != ordered(second):
        mistake = known.generator_ignored
    if mistake is None and order == ordered(third):
        mistake = known.always_the_same_order
    if mistake is not None:
        raise fault(mistake)
    epochs = [ordered(epoch) for epoch in student.values([Call({**large, "generator": Seed(7)}, times=2)])[0]]
    if epochs[0] == epochs[1]:
        raise fault(known.generator_not_advanced)
    counts = dict.fromkeys(range(24), 0)
    # 4,800 epochs of 4 samples: chi-squared with 23 degrees of freedom is above 110 by chance once in 4e12 times.
    small = Call({"num_samples": 4, "batch_size": 3, "generator": Seed(8)}, times=4800)
    for epoch in student.values([small])[0]:
        counts[permutation_number(ordered(epoch))] += 1
    if sum((count - 200) ** 2 / 200 for count in counts.values()) > 110:
        raise fault(known.some_orders_more_likely)


def permutation_number(order):
    """0 to 23: which of the permutations of four numbers `order` is."""
    number = 0
    for place, value in enumerate(order):
        number = number * (4 - place) + sum(later < value for later in order[place + 1 :])
    return number


def not_shuffled(order, batches):
    """How 1,000 indices in 16 batches are in less than random order, None where they look shuffled."""
    steps = [after - before for before, after in pairwise(order)]
    if order == sorted(order):
        return known.not_shuffled
    if order == sorted(order, reverse=True):
        return known.only_reversed
    if all(step % 1000 == steps[0] % 1000 for step in steps):
        return known.only_rotated
    if all(batch == list(range(batch[0], batch[0] + len(batch))) for batch in batches):
        return known.batches_shuffled_and_not_samples
    if all(max(batch) - min(batch) < len(batch) for batch in batches):
        return known.shuffled_inside_batches_only
    if all(batch == sorted(batch) for batch in batches):
        return known.batches_sorted
    # Of 1,000 shuffled indices one stays in its place on average; 30 do so once in 1e32 times.
    if sum(index == place for place, index in enumerate(order)) > 30:
        return known.partly_shuffled
    # The mean distance from an index's own place is 333 on average, with a standard error of 6.7: seven of them.
    if sum(abs(index - place) for place, index in enumerate(order)) / 1000 < 333 - 47:
        return known.partly_shuffled
    # A pair of neighbours comes out as neighbours, in this order, about once; 30 times once in 1e32 times.
    if sum(step == 1 for step in steps) > 30:
        return known.partly_shuffled
    return None


@check("optimizers.minibatches", DEALS, weight=2, once_right=True)
def test_minibatches_are_pure(student, cases):
    pure(student, cases)


# ------------------------------------------------------------------------ steps that carry little or nothing


@st.composite
def plain_steps(draw, dtype):
    shape = draw(shapes())
    return {
        "param": draw(some.tensors(shape, dtype)),
        "grad": draw(some.tensors(shape, dtype)),
        "lr": draw(st.sampled_from([0.1, 0.3, 0.05, 0.7])),
    }


PLAIN_STEPS = draw(plain_steps, count=12)
PLAIN_FORMS = fixed(*forms("param", "grad", lr=0.3))
PLAIN_EXTREMES = fixed(*extremes("param", "grad", large={"lr": 20.0}, small=[{"lr": 2e-4}]))


@check("optimizers.sgd_step", PLAIN_STEPS, PLAIN_FORMS, PLAIN_EXTREMES, weight=8)
def test_sgd_step_values(student, cases):
    agree(student, cases)


@check("optimizers.sgd_step", PLAIN_STEPS, weight=2, once_right=True)
def test_sgd_step_is_pure(student, cases):
    pure(student, cases)


def with_velocity(hypers):
    @st.composite
    def steps(draw, dtype):
        case = draw(plain_steps(dtype))
        velocity = draw(some.tensors(case["param"].shape, dtype))
        if draw(st.booleans()):
            case["grad"][(0,) * case["grad"].dim()] = 0
        values = {name: draw(strategy) for name, strategy in hypers.items()}
        return {"param": case["param"], "grad": case["grad"], "velocity": velocity, "lr": case["lr"], **values}

    return steps


MOMENTA = st.sampled_from([0.8, 0.6, 0.5, 0.95])
MOMENTUM_STEPS = draw(with_velocity({"momentum": MOMENTA}), count=12)
MOMENTUM_FORMS = fixed(
    *forms("param", "grad", "velocity", lr=0.3, momentum=0.6),
    *(each | {"velocity": 0 * each["velocity"]} for each in forms("param", "grad", "velocity", lr=0.3, momentum=0.6)),
)
WITH_MOMENTUM = {
    "large": {"lr": 20.0, "momentum": 0.9995},
    "small": [{"lr": 2e-4, "momentum": 0.05}, {"lr": 0.3, "momentum": 0.0}],
}
MOMENTUM_EXTREMES = fixed(*extremes("param", "grad", "velocity", **WITH_MOMENTUM))
MOMENTUM_DEFAULTS = draw(with_velocity({}), count=4)


def looking_ahead(hypers):
    @st.composite
    def steps(draw, dtype):
        case = draw(with_velocity(hypers)(dtype))
        grad_fn = draw(slopes())
        return {"grad_fn" if name == "grad" else name: grad_fn if name == "grad" else case[name] for name in case}

    return steps


NESTEROV_STEPS = draw(looking_ahead({"momentum": MOMENTA}), count=12)
NESTEROV_FORMS = fixed(
    *(
        {"param": each["param"], "grad_fn": BENT} | each | {"velocity": speed * each["velocity"]}
        for each in forms("param", "velocity", lr=0.3, momentum=0.6)
        for speed in (1, 0)
    )
)
NESTEROV_EXTREMES = fixed(
    *(
        {"param": each["param"], "grad_fn": slope(1.25, 0.0)} | each
        for each in extremes("param", "velocity", **WITH_MOMENTUM)
    )
)
NESTEROV_DEFAULTS = draw(looking_ahead({}), count=4)


# ------------------------------------------------------------------------------------------ whole runs

ROUNDS = 25


def run_of(student, reference, names, options, *, counted=False, looks_ahead=False):
    """Walk from one point, in both dtypes, with the state that each step returned, and beside it the reference.

    Rounding grows on the way and is forgotten in a valley: 1e-3 (float32) and 1e-9 (float64) are far above it, and
    far below what a wrong state does.
    """
    # A steep, a flat and a middling direction: what is kept between calls mixes them up.
    curvature = torch.tensor([2.0, 0.25, 1.0], dtype=torch.float64)

    def slope_at(w):
        """w -> [2, 0.25, 1] * (w - 0.5)"""
        return curvature.to(w.dtype) * (w - 0.5)

    def inputs(state, t):
        param, *carried = state
        slope = {"grad_fn": slope_at} if looks_ahead else {"grad": slope_at(param)}
        count = {"t": t} if counted else {}
        return {"param": param, **slope, **dict(zip(names, carried, strict=True)), **count, **options}

    def walked(step):
        start = torch.tensor([[2.5, -1.75, 0.625], [0.3, 4.1, -3.3]], dtype=torch.float64)
        states = [(start.to(dtype), *(torch.zeros_like(start, dtype=dtype) for _ in names)) for dtype in BOTH]
        for t in range(1, ROUNDS + 1):
            states = step([inputs(state, t) for state in states])
        return states

    mine = walked(lambda each: student.values([Call(given) for given in each]))
    for right in (reference, *(variant.function for variant in student.variants)):
        theirs = walked(lambda each, right=right: [right(**given) for given in each])
        if all(
            torch.allclose(got, wanted, rtol=tolerance, atol=tolerance)
            for got_all, wanted_all, tolerance in zip(mine, theirs, (1e-3, 1e-9), strict=True)
            for got, wanted in zip(got_all, wanted_all, strict=True)
        ):
            return
    raise Fault(
        "run_goes_astray",
        f"Each single step is right, but a run of {ROUNDS} steps, each from what the step before has returned, ends "
        "elsewhere: something is kept between calls besides what you return (a global variable, a default argument, an "
        "attribute of the function).",
    )


@check("optimizers.momentum_step", MOMENTUM_STEPS, MOMENTUM_FORMS, MOMENTUM_EXTREMES, weight=5)
def test_momentum_step_values(student, cases):
    agree(student, cases)


@check("optimizers.momentum_step", MOMENTUM_DEFAULTS, weight=2)
def test_momentum_step_defaults(student, cases):
    agree(student, cases)


@check("optimizers.momentum_step", weight=2, once_right=True)
def test_momentum_step_over_a_run(student, reference):
    run_of(student, reference, ("velocity",), {"lr": 0.1, "momentum": 0.8})


@check("optimizers.momentum_step", MOMENTUM_STEPS, weight=1, once_right=True)
def test_momentum_step_is_pure(student, cases):
    pure(student, cases)


@check("optimizers.nesterov_step", NESTEROV_STEPS, NESTEROV_FORMS, NESTEROV_EXTREMES, weight=5)
def test_nesterov_step_values(student, cases):
    agree(student, cases)


@check("optimizers.nesterov_step", NESTEROV_DEFAULTS, weight=2)
def test_nesterov_step_defaults(student, cases):
    agree(student, cases)


@check("optimizers.nesterov_step", weight=2, once_right=True)
def test_nesterov_step_over_a_run(student, reference):
    run_of(student, reference, ("velocity",), {"lr": 0.1, "momentum": 0.8}, looks_ahead=True)


@check("optimizers.nesterov_step", NESTEROV_STEPS, weight=1, once_right=True)
def test_nesterov_step_is_pure(student, cases):
    pure(student, cases)


# -------------------------------------------------------------------------- steps divided by a gradient's size


@st.composite
def squares_seen(draw, dtype, name, hypers):
    """A step in the middle of a run or its first one; where no gradient has come so far, eps decides."""
    shape = draw(shapes())
    past = [draw(some.tensors(shape, torch.float64)) / 4 for _ in range(draw(st.sampled_from([2, 1, 0, 4])))]
    grad = draw(some.tensors(shape, torch.float64)) / 4
    for each in draw(st.sampled_from([[grad, *past], [grad], []])):
        each[(0,) * each.dim()] = 0
    seen = torch.zeros(shape, dtype=torch.float64)
    for each in past:
        seen = seen + each**2
    values = {each: draw(strategy) for each, strategy in hypers.items()}
    return {
        "param": draw(some.tensors(shape, dtype)),
        "grad": grad.to(dtype),
        name: seen.to(dtype),
        "lr": draw(st.sampled_from([0.1, 0.3, 0.05])),
        **values,
    }


def squares(name, hypers):
    return lambda dtype: squares_seen(dtype, name, hypers)


def tiny(name, size):
    """Gradients as small as the default eps: what it is, and where it stands, decides the step."""

    @st.composite
    def steps(draw, dtype):
        case = draw(squares_seen(dtype, name, {}))
        return case | {"grad": case["grad"] * size, name: case[name] * size**2}

    return steps


LARGE_EPS = st.sampled_from([1e-2, 0.1, 0.05])
ADAGRAD_STEPS = draw(squares("sum_sq", {"eps": LARGE_EPS}), count=14)


def small_steps(name, **values):
    """Gradients smaller than a large eps, but not 0, of which the last carries its parameter across 0.

    `name` is the state that holds their squares.
    """
    for dtype in BOTH:
        first_moment = {"m": [0.012, 0.003, 0.01]} if name == "v" else {}
        numbers = {"param": [1.7, -2.3, 0.01], "grad": [0.02, -0.011, 0.03], **first_moment, name: [1e-4, 4e-4, 2e-4]}
        yield {each: torch.tensor(given, dtype=dtype) for each, given in numbers.items()} | values


ADAGRAD_SMALL = fixed(*small_steps("sum_sq", lr=0.3, eps=0.1))
RMSPROP_SMALL = fixed(*small_steps("mean_sq", lr=0.3, decay=0.6, eps=0.1))
ADAGRAD_FORMS = fixed(*forms("param", "grad", "sum_sq", lr=0.3, eps=0.1))
ADAGRAD_EXTREMES = fixed(
    *extremes("param", "grad", "sum_sq", large={"lr": 20.0, "eps": 5.0}, small=[{"lr": 2e-4, "eps": 0.0}])
)
ADAGRAD_DEFAULTS = draw(squares("sum_sq", {}), count=4)
ADAGRAD_TINY = draw(tiny("sum_sq", 1e-10), count=4)
DECAYS = st.sampled_from([0.8, 0.6, 0.95, 0.7])
RMSPROP_STEPS = draw(squares("mean_sq", {"decay": DECAYS, "eps": LARGE_EPS}), count=14)
RMSPROP_FORMS = fixed(*forms("param", "grad", "mean_sq", lr=0.3, decay=0.6, eps=0.1))
RMSPROP_EXTREMES = fixed(
    *extremes(
        *("param", "grad", "mean_sq"),
        large={"lr": 20.0, "decay": 0.9995, "eps": 5.0},
        small=[{"lr": 2e-4, "decay": 0.05, "eps": 0.0}, {"lr": 0.3, "decay": 0.0, "eps": 1e-7}],
    )
)
RMSPROP_DEFAULTS = draw(squares("mean_sq", {}), count=4)
RMSPROP_TINY = draw(tiny("mean_sq", 1e-8), count=4)


@check("optimizers.adagrad_step", ADAGRAD_STEPS, ADAGRAD_FORMS, ADAGRAD_SMALL, ADAGRAD_EXTREMES, weight=5)
def test_adagrad_step_values(student, cases):
    agree(student, cases)


@check("optimizers.adagrad_step", ADAGRAD_DEFAULTS, ADAGRAD_TINY, weight=2)
def test_adagrad_step_defaults(student, cases):
    agree(student, cases)


@check("optimizers.adagrad_step", weight=2, once_right=True)
def test_adagrad_step_over_a_run(student, reference):
    run_of(student, reference, ("sum_sq",), {"lr": 0.5, "eps": 0.01})


@check("optimizers.adagrad_step", ADAGRAD_STEPS, weight=1, once_right=True)
def test_adagrad_step_is_pure(student, cases):
    pure(student, cases)


@check("optimizers.rmsprop_step", RMSPROP_STEPS, RMSPROP_FORMS, RMSPROP_SMALL, RMSPROP_EXTREMES, weight=5)
def test_rmsprop_step_values(student, cases):
    agree(student, cases)


@check("optimizers.rmsprop_step", RMSPROP_DEFAULTS, RMSPROP_TINY, weight=2)
def test_rmsprop_step_defaults(student, cases):
    agree(student, cases)


@check("optimizers.rmsprop_step", weight=2, once_right=True)
def test_rmsprop_step_over_a_run(student, reference):
    run_of(student, reference, ("mean_sq",), {"lr": 0.02, "decay": 0.8, "eps": 0.1})


@check("optimizers.rmsprop_step", RMSPROP_STEPS, weight=1, once_right=True)
def test_rmsprop_step_is_pure(student, cases):
    pure(student, cases)


# ---------------------------------------------------------------------------------------------- Adam, AdamW


@st.composite
def state_of_adam(draw, dtype, hypers, times=(2, 1, 3, 5, 12, 40)):
    """A parameter in the middle of a run: m and v are what `t - 1` earlier gradients have made of them.

    Sometimes one coordinate's gradients are all 0, where eps decides, or only the last one is.
    """
    shape, t = draw(shapes()), draw(st.sampled_from(times))
    param = draw(some.tensors(shape, dtype))
    m, v = torch.zeros(shape, dtype=torch.float64), torch.zeros(shape, dtype=torch.float64)
    values = {name: draw(strategy) for name, strategy in hypers.items()}
    grads = [draw(some.tensors(shape, torch.float64)) / 4 for _ in range(min(t, 4))]
    for grad in draw(st.sampled_from([grads, grads[:1], []])):
        grad[(0,) * grad.dim()] = 0
    for step in range(1, t):
        _, m, v = adam_step(param.double(), grads[step % len(grads)], m, v, step, **values)
    return {"param": param, "grad": grads[0].to(dtype), "m": m.to(dtype), "v": v.to(dtype), "t": t, **values}


def step_with_hypers(dtype):
    return state_of_adam(dtype, HYPERS)


def step_with_defaults(dtype):
    return state_of_adam(dtype, {}, times=(2, 1, 10, 100, 1000))


@st.composite
def tiny_gradients(draw, dtype):
    """Gradients as small as the default eps: what it is, and where it stands, decides the step."""
    case = draw(state_of_adam(dtype, {}))
    return case | {"grad": case["grad"] * 1e-8, "m": case["m"] * 1e-8, "v": case["v"] * 1e-16}


def first_step(dtype):
    """t = 1, from zeros: what the bias correction is for."""
    values = torch.tensor([0.7, -1.3, 2.1], dtype=dtype)
    zeros = torch.zeros(3, dtype=dtype)
    state = {"param": values.flip(0), "grad": values, "m": zeros, "v": zeros, "t": 1}
    return state | {"lr": 0.1, "beta1": 0.8, "beta2": 0.95, "eps": 0.01}


FIRST_STEPS = fixed(first_step(torch.float32), first_step(torch.float64))
STEPS = draw(step_with_hypers, count=16)
SMALL_STEPS = fixed(*small_steps("v", t=3, lr=0.1, beta1=0.8, beta2=0.95, eps=0.1))
FORMS = fixed(*forms("param", "grad", "m", "v", t=3, lr=0.1, beta1=0.8, beta2=0.95, eps=0.05))
WITH_BETAS = {
    "large": {"t": 3000, "lr": 20.0, "beta1": 0.9995, "beta2": 0.9998, "eps": 5.0},
    "small": [{"t": 2, "lr": 2e-4, "beta1": 0.05, "beta2": 0.3, "eps": 0.0}],
}
EXTREME_STEPS = fixed(*extremes("param", "grad", "m", "v", **WITH_BETAS))
DEFAULT_STEPS = draw(step_with_defaults, count=6)
TINY_STEPS = draw(tiny_gradients, count=4)


@check("optimizers.adam_step", FIRST_STEPS, STEPS, FORMS, SMALL_STEPS, EXTREME_STEPS, weight=5)
def test_adam_step_values(student, cases):
    agree(student, cases)


@check("optimizers.adam_step", DEFAULT_STEPS, TINY_STEPS, weight=2)
def test_adam_step_defaults(student, cases):
    agree(student, cases)


@check("optimizers.adam_step", weight=2, once_right=True)
def test_adam_step_over_a_run(student, reference):
    run_of(student, reference, ("m", "v"), {"lr": 0.05, "beta1": 0.8, "beta2": 0.95, "eps": 0.01}, counted=True)


@check("optimizers.adam_step", STEPS, weight=1, once_right=True)
def test_adam_step_is_pure(student, cases):
    pure(student, cases)


DECAYED = {**HYPERS, "weight_decay": st.sampled_from([0.1, 0.3, 0.05, 0.0])}


def with_decay(hypers, times):
    """Steps of Adam with a decay beside them; `state_of_adam` knows none, and none enters its averages."""

    @st.composite
    def steps(draw, dtype):
        hypers_of_adam = {name: each for name, each in hypers.items() if name != "weight_decay"}
        case = draw(state_of_adam(dtype, hypers_of_adam, times=times))
        return case | {name: draw(hypers[name]) for name in hypers.keys() - hypers_of_adam.keys()}

    return steps


def first_step_with_decay(dtype):
    return first_step(dtype) | {"weight_decay": 0.3}


ADAMW_FIRST_STEPS = fixed(*map(first_step_with_decay, BOTH))
ADAMW_STEPS = draw(with_decay(DECAYED, (2, 1, 3, 5, 12, 40)), count=16)
ADAMW_SMALL_STEPS = fixed(*small_steps("v", t=3, lr=0.1, beta1=0.8, beta2=0.95, eps=0.1, weight_decay=0.3))
ADAMW_FORMS = fixed(*forms("param", "grad", "m", "v", t=3, lr=0.1, beta1=0.8, beta2=0.95, eps=0.05, weight_decay=0.3))
ADAMW_EXTREME_STEPS = fixed(
    *(each | {"weight_decay": 0.04} for each in extremes("param", "grad", "m", "v", **WITH_BETAS))
)
ADAMW_DEFAULT_STEPS = draw(with_decay({}, (2, 1, 10, 100, 1000)), count=6)
ADAMW_TINY_STEPS = draw(tiny_gradients, count=4)


@check(
    *("optimizers.adamw_step", ADAMW_FIRST_STEPS, ADAMW_STEPS, ADAMW_FORMS, ADAMW_SMALL_STEPS, ADAMW_EXTREME_STEPS),
    weight=5,
)
def test_adamw_step_values(student, cases):
    agree(student, cases)


@check("optimizers.adamw_step", ADAMW_DEFAULT_STEPS, ADAMW_TINY_STEPS, weight=2)
def test_adamw_step_defaults(student, cases):
    agree(student, cases)


@check("optimizers.adamw_step", weight=2, once_right=True)
def test_adamw_step_over_a_run(student, reference):
    hypers = {"lr": 0.05, "beta1": 0.8, "beta2": 0.95, "eps": 0.01, "weight_decay": 0.3}
    run_of(student, reference, ("m", "v"), hypers, counted=True)


@check("optimizers.adamw_step", ADAMW_STEPS, weight=1, once_right=True)
def test_adamw_step_is_pure(student, cases):
    pure(student, cases)


# ------------------------------------------------------------------------------------------------ clipping


@st.composite
def gradients(draw, dtype, factors=(0.3, 0.5, 0.9, 0.99, 1.01, 1.5, 3.0)):
    """A few tensors, and a limit below or above the norm of all of them together."""
    count = draw(st.sampled_from([2, 1, 3]))
    grads = [draw(some.tensors(draw(shapes()), dtype)) for _ in range(count)]
    norm = torch.linalg.vector_norm(torch.cat([grad.reshape(-1).double() for grad in grads])).item()
    factor = draw(st.sampled_from(factors))
    return {"grads": grads, "max_norm": max(norm, 1.0) * factor}


@st.composite
def small_gradients(draw, dtype):
    """All zeros, or below the limit: nothing is to be scaled."""
    grads = [torch.zeros(draw(shapes()), dtype=dtype) for _ in range(draw(st.integers(1, 3)))]
    if draw(st.booleans()):
        grads[0] = torch.full(draw(shapes()), 0.0625, dtype=dtype)
    return {"grads": grads, "max_norm": draw(st.sampled_from([1.0, 0.5, 5.0]))}


@st.composite
def broken_gradients(draw, dtype):
    """One entry that is no number."""
    case = draw(gradients(dtype))
    broken = draw(st.sampled_from(case["grads"])).reshape(-1)
    broken[draw(st.integers(0, len(broken) - 1))] = draw(st.sampled_from([float("inf"), float("nan"), float("-inf")]))
    return case


CLIPPED = draw(gradients, count=16)
# Below the limit: what is compared with it, if it is not the norm, may be above.
BELOW = fixed(
    *(
        {"grads": [torch.tensor(first, dtype=dtype), torch.tensor(second, dtype=dtype)], "max_norm": limit}
        for dtype in (torch.float32, torch.float64)
        for first, second, limit in (
            ([0.3, 0.0], [[-0.4]], 0.6),
            ([3.0, 0.0], [[-4.0]], 30.0),
            ([1.2, 0.0], [[-1.6]], 3.0),
            ([3.0, 0.0], [[-4.0]], 6.0),
        )
    )
)
# Large but finite, on both sides of the limit.
LARGE = fixed(
    *(
        {"grads": [torch.full((2, 2), size, dtype=dtype), torch.full((3,), -size, dtype=dtype)], "max_norm": limit}
        for dtype in (torch.float32, torch.float64)
        for size, limit in ((1e4, 1.0), (1e8, 1e12), (1e15, 10.0))
    )
)
SMALL = draw(small_gradients, count=5)
BROKEN = draw(broken_gradients, count=5)


@check("optimizers.clip_grad_norm", CLIPPED, BELOW, weight=5)
def test_clip_grad_norm_values(student, cases):
    agree(student, cases)


@check("optimizers.clip_grad_norm", SMALL, LARGE, weight=2)
def test_clip_grad_norm_of_small_and_large_gradients(student, cases):
    agree(student, cases)


@check("optimizers.clip_grad_norm", CLIPPED, SMALL, weight=1, once_right=True)
def test_clip_grad_norm_is_pure(student, cases):
    leaves_inputs_alone(student, cases)
    leaves_no_trace(student, cases)


@check("optimizers.clip_grad_norm", BROKEN, weight=2, once_right=True)
def test_clip_grad_norm_refuses_what_is_no_number(student, cases):
    agree(student, cases)


@st.composite
def entries(draw, dtype):
    """A few tensors, with entries inside, outside and exactly at the limits."""
    limit = draw(st.sampled_from([1.0, 0.5, 2.0, 0.3]))
    grads = [draw(some.tensors(draw(shapes()), dtype)) for _ in range(draw(st.sampled_from([2, 1, 3])))]
    return {"grads": grads, "clip_value": limit}


def far_entries(dtype):
    """Far outside, far inside, and all zeros."""
    return (
        {
            "grads": [torch.tensor([1e15, -1e15, 0.3, -0.7], dtype=dtype), torch.zeros(2, 2, dtype=dtype)],
            "clip_value": 2.5,
        },
        {"grads": [torch.tensor([[1e-12, -3.0, 7.0]], dtype=dtype)], "clip_value": 1e9},
        {"grads": [torch.full((3,), -0.7, dtype=dtype), torch.tensor(0.9, dtype=dtype)], "clip_value": 1e-3},
    )


ENTRIES = draw(entries, count=12)
FAR_ENTRIES = fixed(*(case for dtype in BOTH for case in far_entries(dtype)))


@check("optimizers.clip_grad_value", ENTRIES, weight=6)
def test_clip_grad_value_values(student, cases):
    agree(student, cases)


@check("optimizers.clip_grad_value", FAR_ENTRIES, weight=2)
def test_clip_grad_value_of_large_and_small_entries(student, cases):
    agree(student, cases)


@check("optimizers.clip_grad_value", ENTRIES, weight=2, once_right=True)
def test_clip_grad_value_is_pure(student, cases):
    pure(student, cases)
