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
    FLOAT32,
    by_statistics,
    count_scatters,
    drops_in_evaluation,
    error_of,
    is_determined,
    normal,
    some_roundings,
)
from graders.regularization.layers import (
    LARGE_CROPS,
    LARGE_DEPTH,
    LARGE_DROPOUT,
    LARGE_FLIPS,
    WHOLE_MASKS,
    crop_gradient,
    depth_gradient,
    dropout_gradient,
    error_of_crops,
    error_of_depth,
    error_of_dropout,
    error_of_flips,
    few_images,
    few_to_crop,
    flip_gradient,
    gradients_and_masks,
    settled_activations,
    settled_flips,
    settled_residuals,
    small_activations,
    small_residuals,
)
from graders.regularization.mixing import (
    FAR_BOXES,
    NOTHING_OR_ALL,
    ONE_CHANNEL,
    batches_to_mix,
    ends_of_cutting,
    images_to_cut,
    partners_are_given,
)
from graders.regularization.places import (
    BOXES,
    measure_boxes,
    theory_of_boxes,
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


def draws_no_other_mask(student, cases):
    is_determined(
        student,
        {"grad_out": normal((40,), FLOAT32, 1), "mask": torch.arange(40) % 3 > 0, "p": 0.3},
        "draws_another_mask",
        "The mask of the forward pass is given; another one would send gradients to entries that were dropped.",
    )
    agree(student, cases)


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


IMAGES = draw(images_to_cut, count=14)
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
