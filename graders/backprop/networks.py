"""Networks and blocks to go back through: off the corner of a ReLU, on it with sums of 0, and saturated ones."""

from hypothesis import assume
from hypothesis import strategies as st

from backpass.judging.cases import DTYPES, fixed
from graders import strategies as some

CLASSIFIER = {"x": ("n i", 0.5), "w1": ("h i", 0.3), "b1": ("h", 0.3), "w2": ("o h", 0.2), "b2": ("o", 0.2)}


@st.composite
def classifiers(draw, dtype, square=False):
    """Where log(1 - p) is as exact as any other way to write the loss."""
    case = draw(some.inputs(**CLASSIFIER, square=square)(dtype))
    case |= {"w2": case["w2"][:1], "b2": case["b2"][:1]}
    x, w1, b1, w2, b2 = case.values()
    assume(some.is_off_the_corner(x, [w1], [b1]))
    assume(bool((((x @ w1.T + b1).clamp(min=0) @ w2.T + b2).abs() < 3.5).all()))
    y = draw(some.labels(len(x), 2)).to(dtype).unsqueeze(1)
    return {"x": x, "y": y, "w1": w1, "b1": b1, "w2": w2, "b2": b2}


# Sums that are exactly 0 however they are added up: a unit that is never on, a sample of zeros, a sum that cancels.
# And sums that are next to 0, on either side: biases alone, exact however the zeros are added.
NEXT_TO_ZERO = [1e-3, 1e-6, 1e-12, -1e-12, -1e-6]

OF_FIVE = [[1.0, 0.5], [0.5, -1.0], [-2.0, 1.0], [1.0, 1.0], [0.25, 0.5]]

ZEROS, CANCELLING = [[0.0, 0.0]] * 3, [[1.0, -2.0], [0.0, 0.0], [2.0, 1.0]]


def classifier(x, y, w1, b1, w2, b2):
    return {"x": x, "y": [[float(each)] for each in y], "w1": w1, "b1": b1, "w2": [w2], "b2": [b2]}


AT_ZERO = some.in_dtypes(
    classifier(ZEROS, (1, 0, 1), OF_FIVE, NEXT_TO_ZERO, [1.0, -2.0, 0.5, 3.0, -1.5], 0.5),
    classifier(CANCELLING, (1, 0, 0), [[2.0, 1.0], [0.5, -0.5], [0.0, 0.0]], [0.0] * 3, [0.5, -0.25, 1.0], 0.25),
    classifier([[0.5], [-1.0]], (1, 1), [[1.0], [2.0]], [-0.5, 2.0], [1.0, -1.0], 0.0),
)

# Confidently right and confidently wrong, on both sides and on one, where p is exactly 0 or 1 and the price of a
# mistake may be capped. One dtype at a time: a limit such as 1 - 1e-7 is another number in float32, and so is the loss.
SATURATED32, SATURATED64 = (
    fixed(
        *some.in_dtypes(
            *(
                classifier(
                    [[1.0], [1.0], [-1.0], [-1.0], [0.0]],
                    (1, 0, 1, 0, 1),
                    [[20.0], [-10.0], [0.5]],
                    [0.0, 0.0, 0.5],
                    [size / 20, -size / 10, 0.25],
                    0.0,
                )
                for size in (120.0, 800.0, 1e4)
            ),
            *(
                classifier([[2.0, 1.0], [1.0, 3.0]], y, [[1.0, 0.5], [0.0, 1.0]], [0.0, 0.0], [3 * size, 2 * size], 0.0)
                for y, size in (((1, 1), 10.0), ((1, 0), 100.0), ((0, 1), -100.0))
            ),
            dtypes=(dtype,),
        )
    )
    for dtype in DTYPES
)

A_BATCH_OF_ONE = some.in_dtypes(
    classifier([[0.5, -1.0]], (0,), [[1.0, 0.5], [-0.5, -2.0], [0.25, 1.0]], [0.5, 0.25, -0.5], [1.0, -0.5, 2.0], 0.25)
)


@st.composite
def networks(draw, dtype, depths=(2, 3, 1, 4), square=False):
    depth = draw(st.sampled_from(depths))
    layers = [(f"{number + 1} {number}", f"{number + 1}") for number in range(depth)]
    weights, biases = ([(each[part], 0.15) for each in layers] for part in (0, 1))
    x, weights, biases = draw(some.inputs(x="n 0", weights=weights, biases=biases, square=square)(dtype)).values()
    assume(len(biases[-1]) > 1 and some.is_off_the_corner(x, weights[:-1], biases[:-1]))
    return {"x": x, "labels": draw(some.labels(len(x), len(biases[-1]))), "weights": weights, "biases": biases}


@st.composite
def networks_with_large_logits(draw, dtype):
    case = draw(networks(dtype, depths=(2, 1)))
    return case | {"weights": [*case["weights"][:-1], case["weights"][-1] * draw(st.sampled_from([400.0, 3000.0]))]}


INTO_TWO = [[1.0, -2.0, 0.5, 3.0, -1.5], [0.5, 1.0, -1.0, 2.0, 1.0]]

NETWORKS_AT_ZERO = some.in_dtypes(
    {
        "x": ZEROS,
        "labels": [1, 0, 1],
        "weights": (OF_FIVE, INTO_TWO),
        "biases": (NEXT_TO_ZERO, [0.5, -0.25]),
    },
    {
        "x": CANCELLING,
        "labels": [2, 0, 1],
        "weights": (
            [[2.0, 1.0], [0.5, -0.5], [0.0, 0.0], [1.0, 1.0]],
            [[1.0, -1.0, 0.5, 2.0], [0.0, 2.0, -3.0, 0.0]],
            [[0.5, -0.25], [-1.0, 1.0], [0.25, 0.5]],
        ),
        "biases": ([0.0] * 4, [0.0, -3.0], [0.25, 0.0, -0.5]),
    },
    {
        "x": [[0.5], [-1.0]],
        "labels": [1, 0],
        "weights": ([[1.0], [2.0]], [[1.0, -1.0], [0.5, 0.25]]),
        "biases": ([-0.5, 2.0], [0.0, 0.0]),
    },
)

BLOCK = {"grad_out": "n f", "x": "n f", "w1": ("h f", 0.3), "b1": ("h", 0.5), "w2": ("f h", 0.3), "b2": ("f", 0.5)}


@st.composite
def blocks(draw, dtype, square=False):
    case = draw(some.inputs(**BLOCK, square=square)(dtype))
    assume(some.is_off_the_corner(case["x"], [case["w1"]], [case["b1"]]))
    return case


UPSTREAM = [[1.0, -0.5], [2.0, 1.5], [-1.0, 0.25]]

BLOCKS_AT_ZERO = some.in_dtypes(
    {"grad_out": UPSTREAM, "x": ZEROS, "w1": OF_FIVE, "b1": NEXT_TO_ZERO, "w2": INTO_TWO, "b2": [0.25, 0.0]},
    {
        "grad_out": UPSTREAM,
        "x": CANCELLING,
        "w1": [[2.0, 1.0], [0.5, -0.5], [0.0, 0.0]],
        "b1": [0.0, 0.0, 0.0],
        "w2": [[0.5, -0.25, 1.0], [1.0, 2.0, -0.5]],
        "b2": [0.25, 0.0],
    },
)
