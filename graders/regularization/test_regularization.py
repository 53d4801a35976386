"""Hidden grader of the unit regularization.

What is random is judged twice: by relations that hold exactly, whatever was drawn (y against x and the mask), and by
statistics of what was drawn, whose distribution is known. A share may be 8 standard errors off: of 3,000 coins of
probability 0.2, the fewest and the most skewed ones here, that happens by chance once in 1e12 draws. Variances and
correlations have heavier tails and get 10, over 150 terms or more. All that one submission is asked for (under 150
numbers) goes wrong by chance with a probability below 1e-9.
"""

import math
from dataclasses import replace

import torch
from hypothesis import strategies as st

from backpass.judging.assertions import agree, with_flags_of_numbers
from backpass.judging.cases import ROUNDINGS, Statistics, draw, fixed, same_form, tensors
from backpass.judging.comparison import measured
from backpass.judging.failures import Description, Fault
from backpass.judging.kinds import forward, function, once_right, random, worth
from backpass.worker.invoke import NO_GRADIENT, Call
from backpass.worker.wire import Seed
from graders import strategies as some

SHARE_ERRORS, SCATTER_ERRORS = 8, 10
CALLS, SAMPLES = 10, 300  # of what is drawn once a sample
FLOAT32, FLOAT64 = torch.float32, torch.float64
ONE_DTYPE = (FLOAT32,)  # for inputs without floating-point tensors


# ------------------------------------------------------------------------------------------------ penalties


@st.composite
def weights_of_a_network(draw, dtype):
    shapes = st.sampled_from([(2, 3), (3,), (), (1,), (3, 2), (2, 1, 3), (4, 3)])
    weights = [draw(some.tensors(draw(shapes), dtype)) for _ in range(draw(st.sampled_from([2, 1, 3])))]
    return {"weights": weights, "strength": draw(st.sampled_from([0.1, 0.01, 2.5, 0.5, 0.03]))}


# No weight is 0, where the slope of its absolute value is anybody's choice.
weights_off_zero = some.with_changes(
    weights_of_a_network, lambda case: {"weights": [torch.where(each == 0, 0.75, each) for each in case["weights"]]}
)
WEIGHTS = draw(
    weights_of_a_network,
    count=14,
    always=some.in_dtypes(
        {"weights": ([1.5, -2.0], [0.75], torch.tensor(-1.25)), "strength": 0.5},
        {"weights": ([[1.5, -2.0]], [[0.25, 3.0]], [-0.5, 1.0]), "strength": 0.5},
    ),
)
PLAIN_WEIGHTS = fixed(
    *some.in_dtypes(
        {"weights": ([0.0, 0.0], [0.0]), "strength": 0.5},
        {"weights": ([1.5, -2.0, 0.25], [[-3.0, 0.5]]), "strength": 0.0},
        {"weights": ([300.0, -0.004], [-0.02]), "strength": 1e-4},
    )
)


def penalty(exercise):
    return forward(
        exercise,
        values=worth(5, WEIGHTS),
        of_zeros_and_with_no_strength=worth(1, PLAIN_WEIGHTS),
        is_pure=once_right(2, WEIGHTS, PLAIN_WEIGHTS),
        gradient=once_right(2, draw(weights_off_zero, count=8, gradient=True)),
    )


test_l1_penalty = penalty("regularization.l1_penalty")
test_l2_penalty = penalty("regularization.l2_penalty")


# ------------------------------------------------------------------------------------------------ what chance does


def scatter_of(kept):
    """How coins of a matrix scatter, whatever their probability, and whether they know of each other."""
    z = (kept - kept.mean()) / kept.std()
    rows, columns = z.shape
    flat = z.reshape(-1)
    half = len(flat) // 2
    return {
        "scatter of the rows' shares": z.mean(1).square().mean().item() * columns,
        "scatter of the columns' shares": z.mean(0).square().mean().item() * rows,
        "correlation of neighbouring rows": (z[1:] * z[:-1]).mean().item(),
        "correlation of neighbouring columns": (z[:, 1:] * z[:, :-1]).mean().item(),
        "correlation of the two halves": (flat[:half] * flat[-half:]).mean().item(),
        "correlation of rows with their mirror image": (z[: rows // 2] * z.flip(0)[: rows // 2]).mean().item(),
    }


def theory_of_scatter(rows, columns):
    n = rows * columns
    return {
        "scatter of the rows' shares": (1.0, SCATTER_ERRORS * math.sqrt(2 / rows)),
        "scatter of the columns' shares": (1.0, SCATTER_ERRORS * math.sqrt(2 / columns)),
        "correlation of neighbouring rows": (0.0, SCATTER_ERRORS / math.sqrt(n - columns)),
        "correlation of neighbouring columns": (0.0, SCATTER_ERRORS / math.sqrt(n - rows)),
        "correlation of the two halves": (0.0, SCATTER_ERRORS * math.sqrt(2 / n)),
        "correlation of rows with their mirror image": (0.0, SCATTER_ERRORS * math.sqrt(2 / n)),
    }


def off_by(failure, student):
    """The first number that is not what theory says of it, for what the catalogue does not explain."""
    index, found = next(iter(failure.wrong.items()))
    case, name = failure.cases[index], found[0].where
    numbers = measured(case, failure.answers[index])
    if not isinstance(numbers, dict) or name not in numbers:
        return None
    tell = (
        f"What was drawn is not what was asked for: the {name} is {numbers[name]:.9g}, not {case.expected[name]:.9g}."
    )
    return Description("wrong_distribution", tell, index)


def drops_in_evaluation(dropped):
    """Describe answers in evaluation of which some are dropped, whatever was drawn: `dropped(inputs, value)`."""

    def describe(failure, student):
        for index in failure.wrong:
            case = failure.cases[index]
            value = measured(case, failure.answers[index])
            evaluation = case.inputs.get("training", True) is False
            if evaluation and same_form(case.template, value) and bool(dropped(case.inputs, value).any()):
                return Description("drops_in_evaluation", "", index)
        return None

    return describe


def share(probability, n):
    return probability, SHARE_ERRORS * math.sqrt(probability * (1 - probability) / n)


def exactly(value, dtype):
    """Up to rounding; a tiny number that keeps a denominator from 0 may be in it as well."""
    return value, max(1e-10 * abs(value), ROUNDINGS * torch.finfo(dtype).eps * abs(value))


def by_statistics(student, cases):
    """What was drawn, by its numbers."""
    if cases[0].times > 1:  # an input that is changed spoils the next call with it, and so all that could be said of it
        leaves_inputs_alone_between_calls(student, cases)
    agree(student, with_flags_of_numbers(student, cases), off_by)


def leaves_inputs_alone_between_calls(student, cases):
    for case, answer in zip(cases, student(cases), strict=True):
        for name in answer.changed:
            raise Fault(
                "input_modified",
                f"The call changes its input `{name}`. Whoever called you still needs it, and a second call with it "
                "goes wrong: compute new tensors instead of writing into the ones you are given (+=, a trailing "
                "underscore as in mul_, and x[...] = all write in place).",
                replace(case, expected=None),
            )


def is_determined(student, inputs, mistake, reason):
    """The same call gives the same result: nothing is random but what the arguments say."""
    answers = student.ask([Call(inputs), Call(inputs)])
    if all(answer.raised is None for answer in answers):
        one, two = (list(tensors(answer.value)) for answer in answers)
        if len(one) == len(two) and not same(one, two):
            tell = "The same call gives another result each time: something is drawn at random."
            raise Fault(mistake, f"{tell} {reason}")


def same(a, b):
    return all(torch.equal(x, y) for x, y in zip(tensors(a), tensors(b), strict=True))


def count_scatters(inputs, count_of, n):
    """Of coins of probability 1/4, the number that falls on one side scatters from call to call as a binomial one."""

    def test(student):
        draws, variance = 2000, n * 0.25 * 0.75
        call = Call({**inputs, "generator": Seed(11)}, times=draws)
        counts = torch.tensor([float(count_of(value)) for value in student.values([call])[0]], dtype=FLOAT64)
        kurtosis = 3 + (1 - 6 * 0.25 * 0.75) / variance
        ratio = (counts - n * 0.25).square().mean().item() / variance
        margin = SCATTER_ERRORS * math.sqrt((kurtosis - 1) / draws)
        if ratio < 1 - margin:
            raise Fault(
                "fixed_number",
                "The same number is picked in every call (a permutation, or a sorted list that is cut off). Each is to "
                "be drawn on its own, with its own probability: by chance there are more of them in one call and fewer "
                "in another.",
            )
        if ratio > 1 + margin:
            raise Fault(
                "drawn_together",
                "In small calls the picks come too often all at once or not at all: each is to be drawn on its own.",
            )

    return test


def gradients_follow(student, inputs, leaves, cotangent, expected_of):
    """What autograd finds, against the gradient that belongs to the draw that the same seed gives without it.

    `expected_of(value)` gives the gradients of `leaves` from the result of the plain call.
    """
    value = student.values([Call(inputs)])[0]
    grads = student.values([Call(inputs, cotangent=cotangent)])[0]
    for name, expected in zip(leaves, expected_of(value), strict=True):
        grad = grads[name]
        if isinstance(grad, str) and grad == NO_GRADIENT:
            if not bool(expected.any()):
                continue
            raise Fault(
                "gradient_cut",
                f"The value is right, but no gradient with respect to `{name}` arrives: something on the way leaves "
                "autograd's graph (detach, .item(), .data, torch.no_grad, a new torch.tensor(...) of old numbers).",
            )
        if not torch.allclose(grad.double(), expected.double(), rtol=1e-4, atol=1e-5):
            raise Fault(
                "wrong_gradient",
                f"The value is right, but the gradient with respect to `{name}` that autograd finds in your function "
                "is not the one of what was drawn: a part is cut out of the graph (detach, .item(), .data, no_grad).",
            )


def normal(shape, dtype, seed):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=FLOAT64).to(dtype)


def error_of(name, error, allowed):
    """Statistics of small draws: one number, the largest `error(inputs, value)`, and how large it may be."""
    return Statistics(
        lambda inputs, value: {f"largest error of {name}": error(inputs, value).abs().max().item()},
        lambda inputs: {f"largest error of {name}": (0.0, allowed(inputs))},
    )


def some_roundings(inputs):
    return max(1e-8, ROUNDINGS * torch.finfo(inputs["x"].dtype).eps * 100)


# ------------------------------------------------------------------------------------------------ dropout


def measure_dropout(inputs, value):
    y, mask = value
    x, y, mask = inputs["x"].double(), y.double(), mask.double()
    kept = (mask != 0).double()
    ratios = (y / x)[(mask != 0) & (x != 0)]
    # Scaled by the share that happens to be kept, a factor is another one with every mask: it is not reported.
    right = ((ratios * (1 - inputs["p"]) - 1).abs() < 1e-4).all()
    by_own_share = not right and bool(((ratios * kept.mean() - 1).abs() < 1e-5).all()) and bool(kept.mean() < 1)
    if by_own_share or len(ratios) == 0:
        ratios = torch.full((1,), math.nan)
    z = (kept - kept.mean()) / kept.std()
    by_chance = {
        "share dropped": 1 - kept.mean().item(),
        "share dropped where x is 0": 1 - kept[x == 0].mean().item(),
        "correlation of the mask with x": (z * x).mean().item(),
        "correlation of the mask with the size of x": (z * (x.square() - 1)).mean().item(),
        **scatter_of(kept),
    }
    rows_alike, columns_alike = bool((kept == kept[:1]).all()), bool((kept == kept[:, :1]).all())
    if rows_alike != columns_alike:  # whole rows or columns: what hangs on their few draws says nothing
        by_chance = dict.fromkeys(by_chance, math.nan)
    return {
        **by_chance,
        "rows that are treated alike": float(rows_alike),
        "columns that are treated alike": float(columns_alike),
        "largest y / x of what is kept": ratios.max().item(),
        "smallest y / x of what is kept": ratios.min().item(),
        "scaling by the share that happens to be kept": float(by_own_share),
        "largest y of what is dropped": (y * (mask == 0)).abs().max().item(),
        "largest y where x is 0": (y * (x == 0)).abs().max().item(),
        "largest value in the mask": mask.max().item(),
        "smallest value in the mask": mask.min().item(),
    }


def theory_of_dropout(inputs):
    x, p = inputs["x"], inputs["p"]
    n = x.numel()
    return {
        "share dropped": share(p, n),
        "share dropped where x is 0": share(p, int((x == 0).sum())),
        "rows that are treated alike": (0.0, 0.0),
        "columns that are treated alike": (0.0, 0.0),
        "largest y / x of what is kept": exactly(1 / (1 - p), x.dtype),
        "smallest y / x of what is kept": exactly(1 / (1 - p), x.dtype),
        "scaling by the share that happens to be kept": (0.0, 0.0),
        "largest y of what is dropped": (0.0, 1e-6),
        "largest y where x is 0": (0.0, 1e-6),
        "largest value in the mask": (1.0, 0.0),
        "smallest value in the mask": (0.0, 0.0),
        **theory_of_scatter(*x.shape),
        # The mean squares of x and of x^2 - 1, with a fifth of x set to 0, are 0.8 and 0.2 + 0.8 * 2.
        "correlation of the mask with x": (0.0, SCATTER_ERRORS / math.sqrt(n)),
        "correlation of the mask with the size of x": (0.0, SCATTER_ERRORS * math.sqrt(2 / n)),
    }


def large_activations(p, dtype, seed):
    """Numbers of which a fifth is 0: whether they are dropped must not depend on what they are."""
    x = normal((150, 151), dtype, seed)
    chosen = torch.rand(x.shape, generator=torch.Generator().manual_seed(seed + 1)) < 0.2
    return {"x": x.masked_fill(chosen, 0.0), "p": p, "generator": Seed(seed + 2)}


LARGE_DROPOUT = fixed(
    large_activations(0.3, FLOAT32, 9),
    large_activations(0.1, FLOAT64, 6),
    large_activations(0.75, FLOAT32, 30),
    statistics=Statistics(measure_dropout, theory_of_dropout),
)


def error_of_dropout(inputs, value):
    y, mask = value
    x = inputs["x"].double()
    return y.double() - torch.where(mask != 0, x / (1 - inputs["p"]), 0.0)


@st.composite
def small_activations(draw, dtype):
    shape = draw(st.sampled_from([(3,), (2, 3), (), (1,), (1, 4), (4, 1), (3, 3), (2, 3, 2), (2, 1, 2, 2)]))
    p = draw(st.sampled_from([0.3, 0.6, 0.2, 0.9]))
    case = {"x": draw(some.tensors(shape, dtype)), "p": p, "generator": Seed(draw(st.integers(0, 2**31)))}
    return case | draw(st.sampled_from([{}, {"training": True}]))


@st.composite
def settled_activations(draw, dtype):
    """Nothing is left to chance: evaluation, or a probability of 0 or 1."""
    case = draw(small_activations(dtype))
    settled = [{"training": False}, {"p": 1.0}, {"p": 0.0}, {"p": 1.0, "training": False}]
    return case | draw(st.sampled_from(settled))


def dropout_gradient(student):
    for options in ({"p": 0.3}, {"p": 0.6, "training": True}, {"p": 0.4, "training": False}):
        inputs = {"x": normal((5, 7), FLOAT64, 2), "p": options["p"], "generator": Seed(5)} | options
        cotangent = normal((5, 7), FLOAT64, 3)
        scale = 1 / (1 - inputs["p"]) if options.get("training", True) else 1.0
        gradients_follow(
            student,
            inputs,
            ("x",),
            [cotangent, torch.zeros(5, 7, dtype=FLOAT64)],
            lambda value, cotangent=cotangent, scale=scale: (cotangent * (value[1] != 0) * scale,),
        )


def dropout_where_nothing_is_random(student, cases):
    describe = drops_in_evaluation(lambda inputs, value: (value[0] == 0) & (inputs["x"] != 0))
    agree(student, with_flags_of_numbers(student, cases), describe)


SETTLED_DROPOUT = draw(settled_activations, count=12)
SMALL_DROPOUT = draw(small_activations, count=12, statistics=error_of("y", error_of_dropout, some_roundings))
test_dropout = random(
    "regularization.dropout",
    values=worth(4, LARGE_DROPOUT, test=by_statistics),
    in_evaluation_and_at_the_ends=once_right(2, SETTLED_DROPOUT, test=dropout_where_nothing_is_random),
    of_all_shapes=once_right(1, SMALL_DROPOUT, test=by_statistics),
    uses_the_generator=once_right(1),
    draws_each_entry_on_its_own=once_right(
        1, test=count_scatters({"x": torch.ones(3, 4), "p": 0.25}, lambda value: (value[1] == 0).sum(), n=12)
    ),
    is_pure=once_right(1, LARGE_DROPOUT, SETTLED_DROPOUT),
    gradient=once_right(1, test=dropout_gradient),
    generator={"x": normal((8, 9), FLOAT32, 1), "p": 0.3},
)


@st.composite
def gradients_and_masks(draw, dtype):
    shape = draw(st.sampled_from([(2, 3), (3,), (1,), (3, 3), (1, 4), (4, 1), (2, 3, 2), ()]))
    grad_out = draw(some.tensors(shape, dtype))
    numel = grad_out.numel()
    kept = draw(st.lists(st.sampled_from([True, True, False]), min_size=numel, max_size=numel))
    p = draw(st.sampled_from([0.3, 0.1, 0.75, 0.2, 0.6]))
    return {"grad_out": grad_out, "mask": torch.tensor(kept).reshape(shape), "p": p}


@st.composite
def nothing_dropped(draw, dtype):
    case = draw(gradients_and_masks(dtype))
    return case | draw(st.sampled_from([{"mask": torch.ones_like(case["mask"]), "p": 0.0}, {"p": 0.9}]))


def draws_no_other_mask(student, cases):
    is_determined(
        student,
        {"grad_out": normal((40,), FLOAT32, 1), "mask": torch.arange(40) % 3 > 0, "p": 0.3},
        "draws_another_mask",
        "The mask of the forward pass is given; another one would send gradients to entries that were dropped.",
    )
    agree(student, cases)


WHOLE_MASKS = draw(
    nothing_dropped,
    count=4,
    always=some.in_dtypes(
        {"grad_out": [1.5, -2.0, 0.25], "mask": torch.tensor([True, True, True]), "p": 0.0},
        {"grad_out": [1.5, -2.0, 0.25], "mask": torch.tensor([True, False, True]), "p": 0.9},
    ),
)
test_dropout_backward = function(
    "regularization.dropout_backward",
    values=worth(6, draw(gradients_and_masks, count=16), test=draws_no_other_mask),
    at_small_and_large_probabilities=worth(2, WHOLE_MASKS),
    is_pure=once_right(2),
)


# ------------------------------------------------------------------------------------------------ early stopping


@st.composite
def validation_runs(draw, dtype, options=({}, {"min_delta": 0.125}, {"min_delta": 0.25}, {"min_delta": 0.5})):
    """A walk in eighths: sums and differences of such numbers are exact, so that no rounding decides a tie."""
    steps = draw(st.lists(st.sampled_from([-1, 1, 0, -2, 2, -3, -4, 3]), min_size=0, max_size=12))
    losses = [draw(st.sampled_from([4.0, 0.875, 1.5]))]
    for step in steps:
        losses.append(max(losses[-1] + step / 8, 0.125))
    return {"val_losses": losses, "patience": draw(st.sampled_from([2, 1, 3, 4]))} | draw(st.sampled_from(options))


def run_of(losses, patience, **options):
    return {"val_losses": losses, "patience": patience, **options}


TELLING_RUNS = fixed(
    run_of([1.0, 2.0], 1),
    run_of([1.0], 1),
    run_of([2.0, 1.0], 1),
    run_of([1.0, 2.0, 3.0, 4.0, 5.0], 4),
    run_of([1.0, 2.0, 3.0, 4.0, 5.0], 5),
    run_of([5.0, 4.0, 3.0, 2.0, 1.0], 1),
    run_of([1.0, 1.0, 1.0, 1.0, 0.5], 3),
    run_of([3.0, 3.5, 2.5, 3.0, 3.5, 2.75, 2.0], 3),
    run_of([3.0, 3.5, 2.5, 3.0, 2.75, 2.0, 2.5, 2.25], 3),
    run_of([3.0, 2.0, 2.5, 2.25, 2.125, 2.0625, 1.0], 3),
    run_of([3.0, 2.0, 4.0, 3.0, 2.5, 1.0], 5),
    run_of([4.0, 3.75, 3.5, 3.25, 3.0, 2.75, 2.5], 2, min_delta=0.5),
    run_of([4.0, 3.75, 3.5, 3.25, 3.0, 2.75, 2.5], 3, min_delta=0.5),
    run_of([4.0, 3.5, 3.0, 2.5], 2, min_delta=0.5),
    run_of([4.0, 4.25, 4.125, 4.25, 4.125], 3, min_delta=0.5),
    run_of([-1.0, -2.0, -1.5, -1.25, -3.0], 2),
    run_of([1e6, 1e5, 2e5, 3e5, 1e4], 3),
    run_of([1.0, 0.0, 0.5, 0.25, 0.125, 0.5], 3),  # a best loss of 0 is a loss like any other
    run_of([0.0, 0.5, 0.25, 0.125], 2),
    run_of([1.0, 1.0 - 2**-24, 1.0 - 2**-23, 1.0 - 2**-22, 1.0 - 2**-21], 2),  # without min_delta, any fall counts
)


test_early_stopping = function(
    "regularization.early_stopping",
    values=worth(7, TELLING_RUNS, draw(validation_runs, count=60, dtypes=ONE_DTYPE)),
    is_pure=once_right(3, TELLING_RUNS),
)


# ------------------------------------------------------------------------------------------------ targets and batches


@st.composite
def labels_to_smooth(draw, dtype, amounts=(0.1, 0.2, 0.3, 0.05, 0.5, 0.75)):
    count, classes = draw(some.sizes(1, 5)), draw(some.sizes(2, 6))
    labels = draw(some.labels(count, classes))
    return {"labels": labels, "num_classes": classes, "smoothing": draw(st.sampled_from(amounts))}


test_label_smoothing = function(
    "regularization.label_smoothing",
    values=worth(6, draw(labels_to_smooth, count=20, dtypes=ONE_DTYPE)),
    with_none_and_with_all=worth(2, draw(lambda dtype: labels_to_smooth(dtype, (0.0, 1.0)), count=6, dtypes=ONE_DTYPE)),
    is_pure=once_right(2),
)


@st.composite
def targets_and_partners(draw, count, dtype):
    """Soft targets, and a permutation that is seldom its own inverse."""
    targets = draw(some.tensors((count, draw(some.sizes(2, 4))), dtype)).abs()
    return {"targets": targets, "permutation": torch.tensor(draw(st.permutations(range(count))))}


@st.composite
def batches_to_mix(draw, dtype, shares=(0.3, 0.75, 0.9, 0.1, 0.6)):
    count = draw(st.sampled_from([3, 4, 1, 2, 5]))
    rest = draw(st.sampled_from([(2,), (), (3,), (2, 2, 3), (3, 2), (1,)]))
    rest = draw(st.sampled_from([rest, rest, (count,)]))
    partners = draw(targets_and_partners(count, dtype))
    x = draw(some.tensors((count, *rest), dtype))
    lam = draw(st.sampled_from(shares))
    return {"x": x, "targets": partners["targets"], "lam": lam, "permutation": partners["permutation"]}


def partners_are_given(**inputs):
    """With 40 samples, the same call gives the same result; and answers are right."""
    inputs |= {"targets": torch.eye(40), "permutation": torch.arange(40).flip(0)}
    reason = "The partners are given, in `permutation`; nothing is random here."

    def test(student, cases):
        given = {name: inputs[name] for name in student.exercise.parameters}
        is_determined(student, given, "draws_a_permutation", reason)
        agree(student, cases)

    return test


NOTHING_OR_ALL = some.in_dtypes(
    *(
        {
            "x": [[1.0, 2.0], [-3.0, 4.0], [5.0, 0.5]],
            "targets": [[1.0, 0.0], [0.25, 0.75], [0.0, 1.0]],
            "lam": lam,
            "permutation": [1, 2, 0],
        }
        for lam in (0.0, 1.0)
    )
)
test_mixup = forward(
    "regularization.mixup",
    values=worth(5, draw(batches_to_mix, count=16), test=partners_are_given(x=normal((40, 2), FLOAT32, 1), lam=0.3)),
    with_all_and_with_none=worth(
        1, draw(lambda dtype: batches_to_mix(dtype, (0.0, 1.0, 0.5)), count=5), fixed(*NOTHING_OR_ALL)
    ),
    is_pure=once_right(2),
    gradient=once_right(2, draw(batches_to_mix, count=6, gradient=True)),
)


@st.composite
def images_to_cut(draw, dtype, square=False):
    """Boxes inside of images that are seldom square."""
    count, channels = draw(st.sampled_from([3, 2, 1, 4])), draw(some.sizes(1, 3))
    height = draw(some.sizes(3, 6))
    width = height if square else draw(some.sizes(3, 6))
    top, left = draw(st.integers(0, height - 2)), draw(st.integers(0, width - 2))
    small = (top, left, draw(st.integers(1, height - top)), draw(st.integers(1, width - left)))
    box = draw(st.sampled_from([small, small, (0, 1, height - 1, width - 1)]))
    partners = draw(targets_and_partners(count, dtype))
    x = draw(some.tensors((count, channels, height, width), dtype))
    return {"x": x, "targets": partners["targets"], "box": box, "permutation": partners["permutation"]}


@st.composite
def ends_of_cutting(draw, dtype):
    """An empty box, the whole image, or a box in a corner."""
    case = draw(images_to_cut(dtype))
    height, width = case["x"].shape[-2:]
    boxes = [
        (0, 0, height, width),
        (1, 1, 0, 2),
        (1, 1, 2, 0),
        (0, 0, 0, 0),
        (height - 1, width - 1, 1, 1),
        (0, 0, 1, 1),
        (0, width - 1, height, 1),
        (height - 1, 0, 1, width),
    ]
    return case | {"box": draw(st.sampled_from(boxes))}


IMAGES = draw(images_to_cut, count=14)
test_cutmix = forward(
    "regularization.cutmix",
    values=worth(
        5,
        IMAGES,
        draw(lambda dtype: images_to_cut(dtype, square=True), count=5),
        test=partners_are_given(x=normal((40, 1, 3, 4), FLOAT32, 1), box=(1, 0, 2, 2)),
    ),
    at_the_border=worth(1, draw(ends_of_cutting, count=10)),
    is_pure=once_right(2, IMAGES),
    gradient=once_right(2, draw(images_to_cut, count=5, gradient=True)),
)


# ------------------------------------------------------------------------------------------------ stochastic depth


def taken_apart(x, branch, y):
    """The factors of x and of the branch in each sample of y, and how far y is from any such sum."""
    x, branch, y = (each.double().reshape(len(each), -1) for each in (x, branch, y))
    xx, bb, xb = (x * x).sum(1), (branch * branch).sum(1), (x * branch).sum(1)
    xy, by = (x * y).sum(1), (branch * y).sum(1)
    det = xx * bb - xb * xb
    of_x, of_branch = (bb * xy - xb * by) / det, (xx * by - xb * xy) / det
    rest = (y - of_x[:, None] * x - of_branch[:, None] * branch).abs().amax(1)
    return of_x, of_branch, rest


def measure_depth(inputs, calls):
    apart = [taken_apart(inputs["x"], inputs["branch"], y) for y in calls]
    of_x, of_branch, rest = (torch.cat(parts) for parts in zip(*apart, strict=True))
    torn, kept = rest > 1e-3, of_branch.abs() > 1e-3
    return {
        "share of samples whose branch is kept in part": torn.double().mean().item(),
        **_extremes("factor of a branch that is kept", of_branch[~torn & kept]),
        **_extremes("factor of x beside a branch", of_x[~torn & kept]),
        **_extremes("factor of x alone", of_x[~torn & ~kept]),
        **chances_of(
            "samples without their branch", None if bool(torn.any()) else [~call for call in kept.split(len(calls[0]))]
        ),
    }


def _extremes(name, values):
    return {
        f"largest {name}": values.max().item() if len(values) else math.nan,
        f"smallest {name}": values.min().item() if len(values) else math.nan,
    }


def chances_of(what, calls):
    """What was picked (bool tensors, one a call), how often, and whether one pick knows of another.

    Where all are picked together, or the same ones in every call, numbers that hang on few draws say nothing: NaN.
    """
    names = [f"share of {what}", "share of calls that treat all alike", "share of calls like the call before"]
    names += ["correlation of neighbours", "correlation of every other", "drift through the batch"]
    names += ["correlation of the two halves", "correlation with the mirror image"]
    if calls is None:
        return dict.fromkeys(names, math.nan)
    picked = torch.cat(calls).double()
    together = sum(bool(call.all()) or not bool(call.any()) for call in calls) / len(calls)
    repeated = sum(map(torch.equal, calls, calls[1:])) / (len(calls) - 1)
    share_picked = picked.mean().item()
    by_few = 0 < share_picked < 1 and (together > 0.5 or repeated > 0.5)
    numbers = [math.nan if by_few else share_picked, together, math.nan if by_few and together else repeated]
    z = (picked - share_picked) / picked.std()
    half = len(z) // 2
    place = math.sqrt(3) * torch.linspace(-1, 1, len(calls[0]), dtype=FLOAT64).repeat(len(calls))
    products = [z[1:] * z[:-1], z[2:] * z[:-2], z * place, z[:half] * z[-half:], z[:half] * z.flip(0)[:half]]
    numbers += [math.nan if by_few else product.mean().item() for product in products]
    return dict(zip(names, numbers, strict=True))


def theory_of_chances(what, probability, n):
    return {
        f"share of {what}": share(probability, n),
        "share of calls that treat all alike": (0.0, 0.0),
        "share of calls like the call before": (0.0, 0.0),
        "correlation of neighbours": (0.0, SCATTER_ERRORS / math.sqrt(n - 2)),
        "correlation of every other": (0.0, SCATTER_ERRORS / math.sqrt(n - 2)),
        "drift through the batch": (0.0, SCATTER_ERRORS / math.sqrt(n)),
        "correlation of the two halves": (0.0, SCATTER_ERRORS * math.sqrt(2 / n)),
        "correlation with the mirror image": (0.0, SCATTER_ERRORS * math.sqrt(2 / n)),
    }


def theory_of_depth(inputs):
    x, survival = inputs["x"], inputs["survival"]
    near = 1e-3 if x.dtype == FLOAT32 else 1e-8
    return {
        "share of samples whose branch is kept in part": (0.0, 0.0),
        "largest factor of a branch that is kept": (1 / survival, near),
        "smallest factor of a branch that is kept": (1 / survival, near),
        "largest factor of x beside a branch": (1.0, near),
        "smallest factor of x beside a branch": (1.0, near),
        "largest factor of x alone": (1.0, near),
        "smallest factor of x alone": (1.0, near),
        **theory_of_chances("samples without their branch", 1 - survival, CALLS * SAMPLES),
    }


def large_batch(rest, survival, dtype, seed):
    """Samples whose x and branch point in clearly different directions, so that y tells how much of each it has."""
    x, branch = normal((2 * SAMPLES, *rest), dtype, seed), normal((2 * SAMPLES, *rest), dtype, seed + 1)
    clear = torch.nn.functional.cosine_similarity(x.flatten(1), branch.flatten(1)).abs() < 0.9
    x, branch = x[clear][:SAMPLES].contiguous(), branch[clear][:SAMPLES].contiguous()
    return {"x": x, "branch": branch, "survival": survival, "generator": Seed(seed + 2)}


LARGE_DEPTH = fixed(
    large_batch((6,), 0.7, FLOAT32, 40),
    large_batch((2, 2, 3), 0.8, FLOAT64, 50),
    large_batch((5,), 0.35, FLOAT64, 60),
    times=CALLS,
    statistics=Statistics(measure_depth, theory_of_depth),
)


def error_of_depth(inputs, y):
    x, branch, y = (each.double().reshape(len(each), -1) for each in (inputs["x"], inputs["branch"], y))
    whole = x + branch / inputs["survival"]
    return torch.minimum((y - x).abs().amax(1), (y - whole).abs().amax(1))


@st.composite
def small_residuals(draw, dtype):
    count = draw(st.sampled_from([3, 2, 4, 1]))
    rest = draw(st.sampled_from([(count,), (2,), (), (2, 3), (1,), (count, count), (3, 2, 2)]))
    x, branch = (draw(some.tensors((count, *rest), dtype)) for _ in range(2))
    case = {"x": x, "branch": branch, "survival": draw(st.sampled_from([0.7, 0.4, 0.9, 0.5]))}
    case["generator"] = Seed(draw(st.integers(0, 2**31)))
    return case | draw(st.sampled_from([{}, {"training": True}]))


@st.composite
def settled_residuals(draw, dtype):
    """Nothing is left to chance: evaluation, or certain survival."""
    case = draw(small_residuals(dtype))
    return case | draw(st.sampled_from([{"training": False}, {"training": False}, {"survival": 1.0}]))


def depth_gradient(student):
    for options in ({}, {"training": True}, {"training": False}):
        x, branch, cotangent = (normal((9, 2, 3), FLOAT64, seed) for seed in (2, 3, 4))
        inputs = {"x": x, "branch": branch, "survival": 0.6, "generator": Seed(5)} | options

        def expected(y, inputs=inputs, cotangent=cotangent):
            _, factor, _ = taken_apart(inputs["x"], inputs["branch"], y)
            return cotangent, cotangent * factor[:, None, None]

        gradients_follow(student, inputs, ("x", "branch"), cotangent, expected)


def depth_where_nothing_is_random(student, cases):
    agree(student, cases, drops_in_evaluation(lambda inputs, y: (y == inputs["x"]) & (inputs["branch"] != 0)))


SETTLED_DEPTH = draw(settled_residuals, count=10)
SMALL_DEPTH = draw(small_residuals, count=14, statistics=error_of("y", error_of_depth, some_roundings))
EIGHT = {"x": torch.zeros(8, 2), "branch": torch.ones(8, 2), "survival": 0.75}
test_stochastic_depth = random(
    "regularization.stochastic_depth",
    values=worth(4, LARGE_DEPTH, test=by_statistics),
    in_evaluation=once_right(2, SETTLED_DEPTH, test=depth_where_nothing_is_random),
    of_all_shapes=once_right(1, SMALL_DEPTH, test=by_statistics),
    uses_the_generator=once_right(1),
    draws_each_sample_on_its_own=once_right(1, test=count_scatters(EIGHT, lambda y: (y[:, 0] == 0).sum(), n=8)),
    is_pure=once_right(1, LARGE_DEPTH, SETTLED_DEPTH),
    gradient=once_right(1, test=depth_gradient),
    generator={"x": normal((64, 2), FLOAT32, 1), "branch": normal((64, 2), FLOAT32, 2), "survival": 0.6},
)


# ------------------------------------------------------------------------------------------------ random flip

MIRRORS = {
    "as they were": lambda images: images,
    "mirrored left to right": lambda images: images.flip(-1),
    "turned upside down": lambda images: images.flip(-2),
    "turned by 180 degrees": lambda images: images.flip(-1, -2),
    "with reversed channels": lambda images: images.flip(-3),
    "reversed in all directions": lambda images: images.flip(-1, -2, -3),
    "mirrored, with reversed channels": lambda images: images.flip(-1, -3),
    "shifted by one column": lambda images: images.roll(1, -1),
    "those of another place in the batch": lambda images: images.flip(0),
    "zeros": torch.zeros_like,
}


def measure_flips(inputs, calls):
    images, flipped = (torch.stack(parts) for parts in zip(*calls, strict=True))
    marked = flipped.reshape(-1) != 0
    numbers = {
        "largest value in flipped": flipped.double().max().item(),
        "smallest value in flipped": flipped.double().min().item(),
    }
    rows, found = images.flatten(2), torch.zeros_like(marked)
    for name, mirror in MIRRORS.items():
        like = (rows == mirror(inputs["images"]).flatten(1)).all(2).reshape(-1)
        numbers[f"share of those marked that are {name}"] = _mean(like[marked])
        numbers[f"share of the others that are {name}"] = _mean(like[~marked])
        found |= like
    numbers["share of images that are none of these"] = 1 - _mean(found)
    unknown = (images.flatten(0, 1)[~found], inputs["images"].repeat(len(calls), 1, 1, 1)[~found])
    numbers["mark of the map from pixels to pixels"] = _mark_of_the_map(*unknown)
    return numbers | chances_of("images marked as flipped", list((flipped != 0).unbind()))


def _mark_of_the_map(after, before):
    """A number that is the same for all images that one linear map of pixels has made, and differs from map to map.

    0 where there are no images; NaN where no such map fits, as when pixels are chosen by chance.
    """
    if len(after) == 0:
        return 0.0
    after, before = after.double().flatten(1), before.double().flatten(1)
    if len(after) < 2 * before.shape[1]:
        return math.nan
    pixels_from = torch.linalg.pinv(before) @ after
    if not torch.allclose(before @ pixels_from, after, atol=1e-4):
        return math.nan
    return (normal((1, len(pixels_from)), FLOAT64, 1) @ pixels_from @ normal((len(pixels_from), 1), FLOAT64, 2)).item()


def _mean(flags):
    return flags.sum().item() / len(flags) if len(flags) else math.nan


def theory_of_flips(inputs):
    numbers = {"largest value in flipped": (1.0, 0.0), "smallest value in flipped": (0.0, 0.0)}
    for name in MIRRORS:
        numbers[f"share of those marked that are {name}"] = (float(name == "mirrored left to right"), 0.0)
        numbers[f"share of the others that are {name}"] = (float(name == "as they were"), 0.0)
    numbers["share of images that are none of these"] = (0.0, 0.0)
    numbers["mark of the map from pixels to pixels"] = (0.0, 1e-3)
    return numbers | theory_of_chances("images marked as flipped", inputs["p"], CALLS * SAMPLES)


def many_images(shape, p, dtype, seed):
    return {"images": normal((SAMPLES, *shape), dtype, seed), "p": p, "generator": Seed(seed + 1)}


LARGE_FLIPS = fixed(
    many_images((2, 2, 3), 0.3, FLOAT32, 70),
    many_images((3, 3, 4), 0.8, FLOAT64, 80),
    many_images((2, 4, 4), 0.4, FLOAT32, 90),
    times=CALLS,
    statistics=Statistics(measure_flips, theory_of_flips),
)


def error_of_flips(inputs, value):
    images, flipped = value
    before = inputs["images"]
    return images.double() - torch.where((flipped != 0)[:, None, None, None], before.flip(-1), before).double()


@st.composite
def few_images(draw, dtype):
    count = draw(st.sampled_from([2, 3, 1, 4]))
    rest = draw(st.sampled_from([(1, 2, 3), (3, 2, 2), (1, 1, 1), (2, 3, 1), (1, 1, 4), (2, 3, 3)]))
    rest = draw(st.sampled_from([rest, rest, (count, count, count), (2, 3, count)]))
    images = draw(some.tensors((count, *rest), dtype))
    p = draw(st.sampled_from([0.5, 0.7, 0.3]))
    return {"images": images, "p": p, "generator": Seed(draw(st.integers(0, 2**31)))}


@st.composite
def settled_flips(draw, dtype):
    return draw(few_images(dtype)) | {"p": draw(st.sampled_from([1.0, 0.0]))}


def flip_gradient(student):
    images, cotangent = normal((9, 2, 3, 4), FLOAT64, 2), normal((9, 2, 3, 4), FLOAT64, 3)
    gradients_follow(
        student,
        {"images": images, "p": 0.4, "generator": Seed(5)},
        ("images",),
        [cotangent, torch.zeros(9, dtype=FLOAT64)],
        lambda value: (torch.where((value[1] != 0)[:, None, None, None], cotangent.flip(-1), cotangent),),
    )


SETTLED_FLIPS = draw(settled_flips, count=10)
SMALL_FLIPS = draw(few_images, count=14, statistics=error_of("images", error_of_flips, lambda inputs: 0.0))
EIGHT_IMAGES = {"images": torch.arange(16.0).reshape(8, 1, 1, 2), "p": 0.25}
test_random_flip = random(
    "regularization.random_flip",
    values=worth(4, LARGE_FLIPS, test=by_statistics),
    of_all_and_of_none=once_right(2, SETTLED_FLIPS, test=by_statistics),
    of_all_shapes=once_right(1, SMALL_FLIPS, test=by_statistics),
    uses_the_generator=once_right(1),
    draws_each_image_on_its_own=once_right(
        1, test=count_scatters(EIGHT_IMAGES, lambda value: (value[1] != 0).sum(), n=8)
    ),
    is_pure=once_right(1, LARGE_FLIPS, SETTLED_FLIPS),
    gradient=once_right(1, test=flip_gradient),
    generator={"images": normal((64, 1, 2, 2), FLOAT32, 1), "p": 0.4},
)
