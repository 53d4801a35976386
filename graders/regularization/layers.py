"""What random layers are given: large inputs to measure shares on, small ones, and ones that leave no chance."""

import torch
from hypothesis import strategies as st

from backpass.judging.cases import Statistics, draw, fixed
from backpass.worker.wire import Seed
from graders import strategies as some
from graders.regularization.chance import (
    CALLS,
    FLOAT32,
    FLOAT64,
    SAMPLES,
    gradients_follow,
    measure_depth,
    measure_dropout,
    measure_flips,
    normal,
    taken_apart,
    theory_of_depth,
    theory_of_dropout,
    theory_of_flips,
)
from graders.regularization.places import (
    crop_gradients,
    crops,
    measure_crops,
    theory_of_crops,
)


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


WHOLE_MASKS = draw(
    nothing_dropped,
    count=4,
    always=some.in_dtypes(
        {"grad_out": [1.5, -2.0, 0.25], "mask": torch.tensor([True, True, True]), "p": 0.0},
        {"grad_out": [1.5, -2.0, 0.25], "mask": torch.tensor([True, False, True]), "p": 0.9},
        {"grad_out": [1.5, -2.0, 0.25], "mask": torch.tensor([True, False, True]), "p": 0.96875},
    ),
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
