"""What mixup and cutmix are given: batches with soft targets and partners, and boxes to cut."""

import torch
from hypothesis import strategies as st

from backpass.judging.assertions import agree
from graders import strategies as some
from graders.regularization.chance import (
    FLOAT32,
    is_determined,
    normal,
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
