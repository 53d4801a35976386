"""Hidden grader of the unit regularization.

What is random is judged twice: by relations that hold exactly, whatever was drawn (y against x and the mask), and by
statistics of what was drawn, whose distribution is known: see `chance`.
"""

import torch
from hypothesis import strategies as st

from backpass.judging.assertions import agree, with_flags_of_numbers
from backpass.judging.cases import Statistics, draw, fixed
from backpass.judging.kinds import corner, forward, function, once_right, random, worth
from backpass.worker.wire import Seed
from graders import strategies as some
from graders.regularization.chance import (
    CALLS,
    FLOAT32,
    FLOAT64,
    SAMPLES,
    by_statistics,
    count_scatters,
    drops_in_evaluation,
    error_of,
    gradients_follow,
    is_determined,
    measure_depth,
    measure_dropout,
    measure_flips,
    normal,
    some_roundings,
    taken_apart,
    theory_of_depth,
    theory_of_dropout,
    theory_of_flips,
)
from graders.regularization.places import (
    BOXES,
    crop_gradients,
    crops,
    measure_boxes,
    measure_crops,
    theory_of_boxes,
    theory_of_crops,
)

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


@st.composite
def weights_to_shrink(draw, dtype):
    """Weights on both sides of the threshold, some of them 0."""
    case = draw(some.inputs(weight="...")(dtype))
    return case | {"threshold": draw(st.sampled_from([0.4, 1.3, 2.6, 0.07, 5.0]))}


def off_the_threshold(case):
    weight, threshold = case["weight"], case["threshold"]
    return {"weight": torch.where((weight.abs() - threshold).abs() < 0.02, weight + 0.11, weight)}


AT_ENDS_OF_SHRINKING = some.in_dtypes(
    {"weight": [1.5, -2.0, 0.25, 0.0], "threshold": 0.0},
    {"weight": [[1.5, -2.0], [0.5, -0.5]], "threshold": 0.5},
    {"weight": [1.5, -2.0], "threshold": 30.0},
    {"weight": torch.tensor(-700.0), "threshold": 0.25},
)
test_soft_threshold = forward(
    "regularization.soft_threshold",
    values=worth(5, draw(weights_to_shrink, count=10)),
    at_the_ends=worth(1, fixed(*AT_ENDS_OF_SHRINKING)),
    is_pure=once_right(2),
    gradient=once_right(2, draw(some.with_changes(weights_to_shrink, off_the_threshold), count=5, gradient=True)),
)


# ------------------------------------------------------------------------------------------------ dropout


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
    """Nothing is left to chance: evaluation, or a probability of 0."""
    case = draw(small_activations(dtype))
    return case | draw(st.sampled_from([{"training": False}, {"p": 0.0}, {"p": 1.0, "training": False}]))


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
    describe = drops_in_evaluation(lambda inputs, value: (value[0] == 0) & (inputs["x"] != 0) & (inputs["p"] < 1))
    agree(student, with_flags_of_numbers(student, cases), describe)


SETTLED_DROPOUT = draw(settled_activations, count=12)
EVERYTHING_DROPPED = draw(some.with_changes(small_activations, lambda case: {"p": 1.0}), count=4)
SMALL_DROPOUT = draw(small_activations, count=12, statistics=error_of("y", error_of_dropout, some_roundings))
test_dropout = random(
    "regularization.dropout",
    values=worth(4, LARGE_DROPOUT, test=by_statistics),
    in_evaluation_and_with_none_dropped=once_right(2, SETTLED_DROPOUT, test=dropout_where_nothing_is_random),
    with_all_dropped=corner(1, "p = 1, where all is dropped", EVERYTHING_DROPPED, test=dropout_where_nothing_is_random),
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
        {"grad_out": [1.5, -2.0, 0.25], "mask": torch.tensor([True, False, True]), "p": 0.96875},
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


MANY_CLASSES = ({"labels": torch.tensor([11, 0, 10, 3]), "num_classes": 12, "smoothing": 0.25},)
test_label_smoothing = function(
    "regularization.label_smoothing",
    values=worth(6, draw(labels_to_smooth, count=20, dtypes=ONE_DTYPE, always=MANY_CLASSES)),
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
ONE_CHANNEL = some.in_dtypes(
    {
        "x": [[[[1.0, 2.0]]], [[[-3.0, 4.0]]]],
        "targets": [[1.0, 0.0], [0.25, 0.75]],
        "lam": 0.75,
        "permutation": [1, 0],
    }
)
test_mixup = forward(
    "regularization.mixup",
    values=worth(
        5,
        draw(batches_to_mix, count=16),
        fixed(*ONE_CHANNEL),
        test=partners_are_given(x=normal((40, 2), FLOAT32, 1), lam=0.3),
    ),
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
# A small box in a large image, far from its border: where it begins is no other number by chance.
FAR_BOXES = some.in_dtypes(
    *(
        {
            "x": normal((2, 1, 7, 7), FLOAT32, 3),
            "targets": [[0.25, 0.75], [1.0, 0.0]],
            "box": box,
            "permutation": [1, 0],
        }
        for box in ((1, 4, 2, 1), (4, 1, 1, 2))
    )
)
test_cutmix = forward(
    "regularization.cutmix",
    values=worth(
        5,
        IMAGES,
        fixed(*FAR_BOXES),
        draw(lambda dtype: images_to_cut(dtype, square=True), count=5),
        test=partners_are_given(x=normal((40, 1, 3, 4), FLOAT32, 1), box=(1, 0, 2, 2)),
    ),
    at_the_border=worth(1, draw(ends_of_cutting, count=10)),
    is_pure=once_right(2, IMAGES),
    gradient=once_right(2, draw(images_to_cut, count=5, gradient=True)),
)


# ------------------------------------------------------------------------------------------------ boxes and crops


BOXED = Statistics(measure_boxes, theory_of_boxes)
IMAGE, WIDE_IMAGE, WHOLE_IMAGE = (
    {"height": height, "width": width, "lam": lam, "generator": Seed(height)}
    for height, width, lam in ((11, 7, 0.7), (6, 14, 0.2), (5, 8, 0.0))
)
EMPTY_BOXES = fixed(
    *(
        {"height": height, "width": width, "lam": lam, "generator": Seed(3)}
        for height, width, lam in ((6, 9, 1.0), (3, 4, 0.95))
    ),
    statistics=Statistics(
        lambda inputs, box: {"pixels in the box": float(box[2] * box[3])},
        lambda inputs: {"pixels in the box": (0.0, 0.0)},
    ),
)
test_random_box = random(
    "regularization.random_box",
    values=worth(5, fixed(IMAGE, WIDE_IMAGE, times=BOXES, statistics=BOXED), test=by_statistics),
    of_the_whole_image=once_right(1, fixed(WHOLE_IMAGE, times=BOXES, statistics=BOXED), test=by_statistics),
    of_nothing=once_right(1, EMPTY_BOXES, test=by_statistics),
    uses_the_generator=once_right(1),
    is_pure=once_right(1, fixed(IMAGE | {"generator": Seed(5)}, statistics=BOXED)),
    generator={"height": 1_000_000, "width": 1_000_000, "lam": 0.5},
)


def to_crop(shape, padding, dtype, seed):
    return {"images": normal((100, *shape), dtype, seed), "padding": padding, "generator": Seed(seed + 1)}


LARGE_CROPS = fixed(
    to_crop((2, 3, 4), 1, FLOAT32, 70),
    to_crop((1, 4, 3), 2, FLOAT64, 80),
    times=CALLS,
    statistics=Statistics(measure_crops, theory_of_crops),
)


@st.composite
def few_to_crop(draw, dtype):
    shape = draw(st.sampled_from([(2, 1, 2, 3), (1, 3, 2, 2), (3, 2, 1, 1), (1, 1, 4, 1), (2, 2, 2, 2)]))
    padding = draw(st.sampled_from([1, 2, 4]))
    return {
        "images": draw(some.tensors(shape, dtype)),
        "padding": padding,
        "generator": Seed(draw(st.integers(0, 2**31))),
    }


def error_of_crops(inputs, value):
    return value[0].double() - crops(inputs["images"], inputs["padding"], *value[1:]).double()


def crop_gradient(student):
    inputs = {"images": normal((7, 2, 3, 4), FLOAT64, 2), "padding": 2, "generator": Seed(5)}
    cotangent, none = normal((7, 2, 3, 4), FLOAT64, 3), torch.zeros(7, dtype=torch.int64)
    gradients_follow(
        student, inputs, ("images",), [cotangent, none, none], lambda value: (crop_gradients(inputs, value, cotangent),)
    )


NO_PADDING = draw(some.with_changes(few_to_crop, lambda case: {"padding": 0}), count=4)
test_random_crop = random(
    "regularization.random_crop",
    values=worth(5, LARGE_CROPS, test=by_statistics),
    without_padding=once_right(1, NO_PADDING),
    of_all_shapes=once_right(
        1,
        draw(few_to_crop, count=6, statistics=error_of("images", error_of_crops, lambda inputs: 0.0)),
        test=by_statistics,
    ),
    uses_the_generator=once_right(1),
    is_pure=once_right(1, NO_PADDING),
    gradient=once_right(1, test=crop_gradient),
    generator={"images": normal((64, 1, 2, 2), FLOAT32, 1), "padding": 2},
)


# ------------------------------------------------------------------------------------------------ stochastic depth


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
