"""Public checks of the unit regularization: `pytest exercises/regularization`."""

import math

import torch
from torch import tensor

from backpass.judging.assertions import agree, leaves_inputs_alone, leaves_no_trace, with_flags_of_numbers
from backpass.judging.cases import Statistics, example
from backpass.judging.checks import check
from backpass.judging.failures import Fault
from backpass.worker.calls import Call
from backpass.worker.wire import Seed

LARGE = 10_000
SAMPLES = 2_000


def share(probability, n):
    # 8 standard errors: chance alone goes that far less than once in 1e12 draws.
    return probability, 8 * math.sqrt(probability * (1 - probability) / n)


def same(a, b):
    if isinstance(a, tuple | list):
        return all(map(same, a, b))
    return torch.equal(a, b) if isinstance(a, torch.Tensor) else a == b


def draws_from_the_generator(student, inputs):
    first, again, other = student.values([Call({**inputs, "generator": Seed(seed)}) for seed in (1, 1, 2)])
    if not same(first, again):
        raise Fault(
            "generator_ignored", "Two generators with the same seed give different results: draw from `generator` only."
        )
    if same(first, other):
        raise Fault(
            "always_the_same_draw", "Generators with different seeds give the same result: draw from `generator`."
        )


PAIR = tensor([[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]], [[[7.0, 8.0, 9.0], [0.0, 1.0, 2.0]]]])
PENALISED = [tensor([[1.0, -2.0]]), tensor([3.0])]
OTHERS = [tensor([[0.5, -1.5], [0.0, 2.0]]), tensor([[-0.25]]), tensor([4.0, -1.0, 0.5])]


@check(
    "regularization.l1_penalty",
    example(weights=PENALISED, strength=0.1, returns=tensor(0.6)),
    example(weights=OTHERS, strength=0.02, returns=tensor(0.195)),
)
def test_l1_penalty_adds_up_sizes(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "regularization.l2_penalty",
    example(weights=PENALISED, strength=0.1, returns=tensor(1.4)),
    example(weights=OTHERS, strength=0.02, returns=tensor(0.47625)),
)
def test_l2_penalty_adds_up_squares(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "regularization.soft_threshold",
    example(weight=tensor([2.0, -0.3, -1.5]), threshold=0.5, returns=tensor([1.5, 0.0, -1.0])),
    example(
        weight=tensor([[0.0, 0.25, -4.0], [-0.1, 1.0, 0.5]]),
        threshold=0.2,
        returns=tensor([[0.0, 0.05, -3.8], [0.0, 0.8, 0.3]]),
    ),
    example(weight=tensor([0.0, 3.0, -0.5]), threshold=0.0, returns=tensor([0.0, 3.0, -0.5])),
)
def test_soft_threshold_shrinks_and_makes_zeros(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


def measure_dropout(inputs, value):
    y, mask = value[0].double(), value[1]
    kept = (y / inputs["x"])[mask != 0]
    return {
        "share dropped": 1 - (mask != 0).double().mean().item(),
        "y / x of what is kept": kept.mean().item() if len(kept) else math.nan,
        "largest y of what is dropped": (y * (mask == 0)).abs().max().item(),
    }


DROPPED = Statistics(
    measure_dropout,
    lambda inputs: {
        "share dropped": share(inputs["p"], inputs["x"].numel()),
        "y / x of what is kept": (1 / (1 - inputs["p"]), 1e-4),
        "largest y of what is dropped": (0.0, 1e-6),
    },
)
FEW = tensor([[1.0, -2.0, 3.0], [4.0, 5.0, -6.0]])


@check(
    "regularization.dropout",
    example(
        x=torch.full((LARGE,), 2.0),
        p=0.2,
        generator=Seed(0),
        returns=(torch.zeros(LARGE), torch.zeros(LARGE, dtype=torch.bool)),
        statistics=DROPPED,
    ),
)
def test_dropout_drops_a_share_and_scales_the_rest(student, cases):
    agree(student, with_flags_of_numbers(student, cases))


@check(
    "regularization.dropout",
    example(
        x=FEW,
        p=0.3,
        generator=Seed(0),
        training=False,
        returns=(FEW, torch.ones(2, 3, dtype=torch.bool)),
    ),
    example(x=FEW, p=1.0, generator=Seed(0), returns=(torch.zeros(2, 3), torch.zeros(2, 3, dtype=torch.bool))),
)
def test_dropout_in_evaluation_and_of_everything(student, cases):
    agree(student, with_flags_of_numbers(student, cases))
    leaves_inputs_alone(student, cases)
    leaves_no_trace(student, cases)


@check("regularization.dropout")
def test_dropout_draws_from_the_generator(student):
    draws_from_the_generator(student, {"x": torch.ones(8, 9), "p": 0.3})


@check(
    "regularization.dropout_backward",
    example(
        grad_out=tensor([1.0, 2.0, 3.0, 4.0]),
        mask=tensor([True, True, False, True]),
        p=0.2,
        returns=tensor([1.25, 2.5, 0.0, 5.0]),
    ),
    example(
        grad_out=tensor([[0.5, -1.0], [2.0, 0.25]]),
        mask=tensor([[False, True], [True, False]]),
        p=0.6,
        returns=tensor([[0.0, -2.5], [5.0, 0.0]]),
    ),
)
def test_dropout_backward_takes_the_same_way_back(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "regularization.early_stopping",
    example(val_losses=[1.0, 0.75, 0.875, 0.75, 0.5], patience=2, returns=(3, 1)),
    example(val_losses=[1.0, 0.75, 0.875, 0.5, 0.625], patience=2, returns=(None, 3)),
    example(val_losses=[2.0, 1.875, 1.75, 1.5, 1.0], patience=2, min_delta=0.25, returns=(2, 0)),
    example(val_losses=[2.0, 1.875, 1.75, 1.5, 1.0], patience=3, min_delta=0.25, returns=(None, 4)),
)
def test_early_stopping_waits_and_stops(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "regularization.label_smoothing",
    example(
        labels=tensor([2, 0]),
        num_classes=4,
        smoothing=0.2,
        returns=tensor([[0.05, 0.05, 0.85, 0.05], [0.85, 0.05, 0.05, 0.05]]),
    ),
    example(
        labels=tensor([1, 1, 0]), num_classes=2, smoothing=0.0, returns=tensor([[0.0, 1.0], [0.0, 1.0], [1.0, 0.0]])
    ),
)
def test_label_smoothing_spreads_some_of_the_probability(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "regularization.mixup",
    example(
        x=tensor([[0.0], [4.0], [8.0]]),
        targets=tensor([[1.0, 0.0], [0.0, 1.0], [0.0, 1.0]]),
        lam=0.75,
        permutation=tensor([1, 2, 0]),
        returns=(tensor([[1.0], [5.0], [6.0]]), tensor([[0.75, 0.25], [0.0, 1.0], [0.25, 0.75]])),
    ),
    example(
        x=tensor([[1.0, -1.0], [2.0, 0.5]]),
        targets=tensor([[1.0, 0.0, 0.0], [0.0, 0.5, 0.5]]),
        lam=0.6,
        permutation=tensor([1, 0]),
        returns=(
            tensor([[1.4, -0.4], [1.6, -0.1]]),
            tensor([[0.6, 0.2, 0.2], [0.4, 0.3, 0.3]]),
        ),
    ),
)
def test_mixup_blends_samples_and_targets(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


THREE = torch.arange(1.0, 19.0).reshape(3, 1, 2, 3)


@check(
    "regularization.cutmix",
    example(
        x=tensor([[[[1.0, 1.0], [1.0, 1.0]]], [[[5.0, 5.0], [5.0, 5.0]]]]),
        targets=tensor([[1.0, 0.0], [0.0, 1.0]]),
        box=(0, 1, 2, 1),
        permutation=tensor([1, 0]),
        returns=(
            tensor([[[[1.0, 5.0], [1.0, 5.0]]], [[[5.0, 1.0], [5.0, 1.0]]]]),
            tensor([[0.5, 0.5], [0.5, 0.5]]),
        ),
    ),
    example(
        x=THREE,
        targets=tensor([[1.0, 0.0], [0.0, 1.0], [0.5, 0.5]]),
        box=(1, 0, 1, 2),
        permutation=tensor([1, 2, 0]),
        returns=(
            tensor([[[[1.0, 2, 3], [10, 11, 6]]], [[[7, 8, 9], [16, 17, 12]]], [[[13, 14, 15], [4, 5, 18]]]]),
            tensor([[0.666667, 0.333333], [0.166667, 0.833333], [0.666667, 0.333333]]),
        ),
    ),
)
def test_cutmix_pastes_a_patch(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


ONE_BOX = Statistics(
    lambda inputs, box: {"box inside of the image": float(inside(inputs, box))},
    lambda inputs: {"box inside of the image": (1.0, 0.0)},
)


def inside(image, box):
    top, left, height, width = box
    return 0 <= top <= top + height <= image["height"] and 0 <= left <= left + width <= image["width"]


@check(
    "regularization.random_box",
    example(height=12, width=20, lam=0.6, generator=Seed(0), returns=(0, 0, 0, 0), statistics=ONE_BOX),
    example(height=9, width=4, lam=0.3, generator=Seed(1), returns=(0, 0, 0, 0), statistics=ONE_BOX),
)
def test_random_box_is_in_the_image(student, cases):
    agree(student, cases)
    leaves_no_trace(student, cases)


@check("regularization.random_box")
def test_random_box_has_the_sides_and_lies_anywhere(student):
    image = {"height": 12, "width": 20, "lam": 0.6}  # sides of 7 and 12; 6 rows in the paper's code
    boxes = student.values([Call({**image, "generator": Seed(0)}, times=400)])[0]
    ends = [(top, left, top + height, left + width) for top, left, height, width in boxes]
    rows, columns = max(box[2] for box in boxes), max(box[3] for box in boxes)
    if rows not in (6, 7) or columns != 12:
        raise Fault(
            "wrong_sides",
            f"Among 400 boxes of 12 by 20 pixels at lam = 0.6, the largest sides are {rows} and "
            f"{columns}: int(12 * 0.632) = 7 and int(20 * 0.632) = 12 are asked for.",
        )
    if (
        min(end[0] for end in ends) > 0
        or max(end[2] for end in ends) < 12
        or min(box[2] for box in boxes) > rows // 2 + 1
    ):
        raise Fault(
            "not_anywhere",
            "Among 400 boxes none is cut off at the border: the centre may be any pixel, and what "
            "hangs over is clipped.",
        )


@check("regularization.random_box")
def test_random_box_draws_from_the_generator(student):
    draws_from_the_generator(student, {"height": 100_000, "width": 100_000, "lam": 0.5})


def measure_crops(inputs, value):
    images, tops, lefts = value
    before = inputs["images"]
    padded = torch.nn.functional.pad(before, (inputs["padding"],) * 4)
    height, width = before.shape[2:]
    as_said = [
        torch.equal(image, whole[:, top : top + height, left : left + width])
        for image, whole, top, left in zip(images, padded, tops.tolist(), lefts.tolist(), strict=True)
    ]
    return {
        "smallest top": tops.min().item(),
        "largest top": tops.max().item(),
        "smallest left": lefts.min().item(),
        "largest left": lefts.max().item(),
        "share of images that are cut as tops and lefts say": sum(as_said) / len(as_said),
        "share of samples whose top and left agree": (tops == lefts).double().mean().item(),
    }


CROPS = Statistics(
    measure_crops,
    lambda inputs: {
        **{f"smallest {each}": (0.0, 0.0) for each in ("top", "left")},
        **{f"largest {each}": (2.0 * inputs["padding"], 0.0) for each in ("top", "left")},
        "share of images that are cut as tops and lefts say": (1.0, 0.0),
        "share of samples whose top and left agree": share(1 / (2 * inputs["padding"] + 1), len(inputs["images"])),
    },
)


def example_of_crops(images, padding):
    offsets = torch.zeros(len(images), dtype=torch.int64)
    returns = (torch.zeros_like(images), offsets, offsets)
    return example(images=images, padding=padding, generator=Seed(0), returns=returns, statistics=CROPS)


@check(
    "regularization.random_crop",
    example_of_crops(torch.arange(1.0, 7.0).reshape(1, 1, 2, 3).repeat(500, 1, 1, 1), 1),
    example_of_crops(torch.arange(1.0, 25.0).reshape(1, 2, 3, 4).repeat(500, 1, 1, 1), 2),
)
def test_random_crop_moves_each_image(student, cases):
    agree(student, cases)


@check(
    "regularization.random_crop",
    example(images=PAIR, padding=0, generator=Seed(0), returns=(PAIR, tensor([0, 0]), tensor([0, 0]))),
)
def test_random_crop_without_padding(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)
    leaves_no_trace(student, cases)


@check("regularization.random_crop")
def test_random_crop_draws_from_the_generator(student):
    draws_from_the_generator(student, {"images": torch.ones(64, 1, 3, 3), "padding": 1})


def measure_depth(inputs, y):
    factors = (y - inputs["x"]) / inputs["branch"]
    dropped = (factors.abs() < 1e-3).double()
    kept = factors[dropped == 0].double()
    return {
        "share of samples without their branch": dropped.all(1).double().mean().item(),
        "share of samples whose branch is kept in part": (dropped.amax(1) - dropped.amin(1)).mean().item(),
        "factor of a branch that is kept": kept.mean().item() if len(kept) else math.nan,
    }


DEPTH = Statistics(
    measure_depth,
    lambda inputs: {
        "share of samples without their branch": share(1 - inputs["survival"], SAMPLES),
        "share of samples whose branch is kept in part": (0.0, 0.0),
        "factor of a branch that is kept": (1 / inputs["survival"], 1e-3),
    },
)
X, BRANCH = tensor([[1.0, 1.0], [2.0, 2.0]]), tensor([[1.0, 2.0], [3.0, 4.0]])


@check(
    "regularization.stochastic_depth",
    example(
        x=torch.ones(SAMPLES, 3),
        branch=torch.full((SAMPLES, 3), 0.5),
        survival=0.8,
        generator=Seed(0),
        returns=torch.zeros(SAMPLES, 3),
        statistics=DEPTH,
    ),
)
def test_stochastic_depth_drops_whole_branches(student, cases):
    agree(student, cases)


@check(
    "regularization.stochastic_depth",
    example(
        x=X, branch=BRANCH, survival=0.5, generator=Seed(0), training=False, returns=tensor([[2.0, 3.0], [5.0, 6.0]])
    ),
    example(x=X, branch=BRANCH, survival=1.0, generator=Seed(0), returns=tensor([[2.0, 3.0], [5.0, 6.0]])),
)
def test_stochastic_depth_in_evaluation(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)
    leaves_no_trace(student, cases)


@check("regularization.stochastic_depth")
def test_stochastic_depth_draws_from_the_generator(student):
    draws_from_the_generator(student, {"x": torch.zeros(64, 2), "branch": torch.ones(64, 2), "survival": 0.6})


def measure_flips(inputs, value):
    images, flipped = value
    before, marked = inputs["images"], flipped != 0
    mirrored = (images == before.flip(-1)).flatten(1).all(1)
    untouched = (images == before).flatten(1).all(1)
    return {
        "share marked as flipped": marked.double().mean().item(),
        "share of those marked that are mirrored": mirrored[marked].double().mean().item(),
        "share of the others that are as they were": untouched[~marked].double().mean().item(),
    }


FLIPS = Statistics(
    measure_flips,
    lambda inputs: {
        "share marked as flipped": share(inputs["p"], SAMPLES),
        "share of those marked that are mirrored": (1.0, 0.0),
        "share of the others that are as they were": (1.0, 0.0),
    },
)


@check(
    "regularization.random_flip",
    example(
        images=torch.arange(6.0).reshape(1, 1, 2, 3).repeat(SAMPLES, 1, 1, 1),
        p=0.3,
        generator=Seed(0),
        returns=(torch.zeros(SAMPLES, 1, 2, 3), torch.zeros(SAMPLES, dtype=torch.bool)),
        statistics=FLIPS,
    ),
)
def test_random_flip_mirrors_a_share(student, cases):
    agree(student, with_flags_of_numbers(student, cases))


@check(
    "regularization.random_flip",
    example(
        images=PAIR,
        p=1.0,
        generator=Seed(0),
        returns=(
            tensor([[[[3.0, 2.0, 1.0], [6.0, 5.0, 4.0]]], [[[9.0, 8.0, 7.0], [2.0, 1.0, 0.0]]]]),
            tensor([True, True]),
        ),
    ),
    example(images=PAIR, p=0.0, generator=Seed(0), returns=(PAIR, tensor([False, False]))),
)
def test_random_flip_of_all_and_of_none(student, cases):
    agree(student, with_flags_of_numbers(student, cases))
    leaves_inputs_alone(student, cases)
    leaves_no_trace(student, cases)


@check("regularization.random_flip")
def test_random_flip_draws_from_the_generator(student):
    draws_from_the_generator(student, {"images": torch.arange(128.0).reshape(64, 1, 1, 2), "p": 0.4})
