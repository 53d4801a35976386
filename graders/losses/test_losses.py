"""Hidden grader of the unit losses."""

import torch
from hypothesis import strategies as st

from backpass.judging.cases import draw, fixed
from backpass.judging.comparison import wrong_answers
from backpass.judging.failures import Failure
from backpass.judging.kinds import corner, finite_gradient, forward, function, once_right, worth
from graders import strategies as some

FLOAT64 = (torch.float64,)


def slopes(strategy, count=8):
    """Points at which gradients are compared."""
    return draw(strategy, count=count, dtypes=FLOAT64, gradient=True)


# --------------------------------------------------------------------------------- predictions and targets


@st.composite
def shapes(draw):
    """Mostly matrices, in which the number of samples and that of all elements differ."""
    return tuple(draw(some.sizes(1, 5)) for _ in range(draw(st.sampled_from([2, 1, 3, 2]))))


@st.composite
def predictions(draw, dtype, scales=(1.0, 1.0, 100.0), **more):
    shape, scale = draw(shapes()), draw(st.sampled_from(scales))
    pair = {name: draw(some.tensors(shape, dtype)) * scale for name in ("pred", "target")}
    return pair | draw(st.fixed_dictionaries(more))


def off_target(**more):
    """No error is 0, where the absolute value has no derivative."""
    return some.with_changes(
        lambda dtype: predictions(dtype, scales=(1.0,), **more),
        lambda case: {
            "target": torch.where(case["pred"] == case["target"], case["target"] + 0.3, case["target"]),
        },
    )


# Some errors are exactly 0, and others are not.
PARTLY_PERFECT = some.in_dtypes(
    {"pred": [[0.0, 2.0], [3.0, -1.0]], "target": [[0.0, 2.5], [3.0, 1.0]]},
    {"pred": [1.5, -2.0, 4.0], "target": [1.5, 1.0, 4.0]},
)
# Some errors are exactly as large as delta: there each piece is right, and one of them must be charged once.
DELTAS = (2.0, 3.0, 2.0, 3.0, 0.01, 0.01, 0.01, 0.01)  # the last are smaller than any that is drawn
AT_DELTA = tuple(case | {"delta": delta} for case, delta in zip(PARTLY_PERFECT * 2, DELTAS, strict=True))
# Any shape: one number by itself is a 0-d tensor.
ONE_NUMBER = fixed(
    *some.in_dtypes(*({"pred": torch.tensor(p), "target": torch.tensor(t)} for p, t in ((1.5, -1.0), (0.25, 0.5))))
)
# So small that rounding to some decimals shows in float32 as well.
NEARLY_PERFECT = some.in_dtypes({"pred": [0.31, -0.27], "target": [0.25, -0.2]})
PREDICTIONS = draw(predictions, count=14, always=PARTLY_PERFECT + NEARLY_PERFECT)
# For gradcheck: no error is 0, or as large as the delta that is used.
PAIR = {
    "pred": torch.tensor([[0.5, -1.0, 2.0], [1.5, 0.0, -0.5]], dtype=torch.float64),
    "target": torch.tensor([[0.25, 1.0, 1.5], [-2.0, 0.75, -1.0]], dtype=torch.float64),
}

test_mse_loss = forward(
    "losses.mse_loss",
    values=worth(6, PREDICTIONS),
    is_pure=once_right(1),
    gradient=once_right(3, slopes(predictions)),
    of_one_number=once_right(1, ONE_NUMBER),
    gradcheck=PAIR,
)


test_mae_loss = forward(
    "losses.mae_loss",
    values=worth(6, PREDICTIONS),
    is_pure=once_right(1),
    gradient=once_right(3, slopes(off_target())),
    of_one_number=once_right(1, ONE_NUMBER),
    gradcheck=PAIR,
)

# Errors on both sides of delta, of both signs.
HUBER = lambda dtype: predictions(dtype, scales=(1.0,), delta=some.one_of(2.5, 0.6, 4.0, 1.75))  # noqa: E731
test_huber_loss = forward(
    "losses.huber_loss",
    values=worth(5, draw(HUBER, count=16, always=AT_DELTA)),
    defaults=worth(1, draw(predictions, count=6)),
    is_pure=once_right(1),
    gradient=once_right(3, slopes(off_target(delta=some.one_of(2.51, 0.61, 4.01)), count=10)),
    # The loss has one slope here, whichever its pieces have.
    gradient_at_the_target=once_right(1, fixed(*(case | {"delta": 0.61} for case in PARTLY_PERFECT), gradient=True)),
    of_one_number=once_right(1, ONE_NUMBER),
    gradcheck=PAIR | {"delta": 1.25},
)


# ---------------------------------------------------------------------------------------- logits and labels


@st.composite
def logits_of_any_shape(draw, dtype):
    return {"logits": draw(some.tensors(draw(some.shapes_of_logits()), dtype))}


@st.composite
def extreme_logits_of_any_shape(draw, dtype):
    return {"logits": draw(some.extreme_rows(draw(some.shapes_of_logits()), dtype))}


@st.composite
def batch(draw, dtype, logits=some.tensors, **more):
    samples, classes = draw(some.sizes(1, 7)), draw(some.sizes(2, 7))
    case = {"logits": draw(logits((samples, classes), dtype)), "labels": draw(some.labels(samples, classes))}
    return case | draw(st.fixed_dictionaries(more))


def extreme_batch(dtype):
    return batch(dtype, some.extreme_rows)


# Rows far below the batch's largest, a spread that leaves float range, numbers near its end, and probabilities of the
# size of what people add to them.
FAR_APART = [
    [[30.0, 0.0, -3.0], [0.5, -26.0, -36.0]],
    [[46.0, 0.0, -23.0], [0.0, -87.0, -69.5]],
    [[800.0, 799.0, 797.5], [-800.0, -801.0, -800.5]],
    [[1000.0, -1000.0, 999.0], [0.5, 0.25, -0.75]],
    [[-40.0, 0.0, 1.0], [2000.0, 0.0, -2000.0]],
    [[1e30, 0.0, -1e30], [0.0, -1e30, 5e29]],
]
EXTREMES = some.in_dtypes(*({"logits": rows} for rows in FAR_APART))


def with_every_label(rows, **more):
    """Every class is the label once in each row, so that the price of a confident mistake is seen."""
    return some.in_dtypes(*({"logits": x, "labels": y} | more for x in rows for y in ([0, 2], [1, 0], [2, 1])))


EXTREME_BATCHES = with_every_label(FAR_APART)
ANY_SHAPE = draw(logits_of_any_shape, count=16)
NEARLY_CERTAIN = some.in_dtypes({"logits": [[8.0, -8.0, -7.0], [0.5, -1.0, 0.25]], "labels": [0, 2]})
# More than ten, so that no table of one-hot rows has the size of another course's.
TWELVE = torch.linspace(-3, 3, 36, dtype=torch.float64).reshape(3, 12) ** 2
MANY_CLASSES = some.in_dtypes({"logits": TWELVE, "labels": [11, 0, 10]})
BATCHES = draw(batch, count=16, always=NEARLY_CERTAIN + MANY_CLASSES)
FAR_BATCHES = draw(extreme_batch, count=8, always=EXTREME_BATCHES)
LOGITS, LABELS = PAIR["pred"], torch.tensor([2, 1])

test_softmax = forward(
    "losses.softmax",
    values=worth(4, ANY_SHAPE),
    # Small probabilities are compared relative to themselves: a clamp at 1e-12 is then a visible mistake.
    of_extreme_logits=worth(3, draw(extreme_logits_of_any_shape, count=8, always=EXTREMES, relative=True)),
    gradient=worth(2, slopes(logits_of_any_shape, count=10)),
    gradcheck={"logits": LOGITS[:1]},
)
test_log_softmax = forward(
    "losses.log_softmax",
    values=worth(4, ANY_SHAPE),
    of_extreme_logits=worth(3, draw(extreme_logits_of_any_shape, count=8, always=EXTREMES)),
    gradient=worth(2, slopes(logits_of_any_shape, count=10)),
    gradcheck={"logits": LOGITS[:1]},
)
test_cross_entropy = forward(
    "losses.cross_entropy",
    values=worth(4, BATCHES),
    of_extreme_logits=worth(3, FAR_BATCHES),
    gradient=worth(2, slopes(batch, count=10)),
    gradcheck={"logits": LOGITS, "labels": LABELS},
)


# ----------------------------------------------------------------------------------- zeros, ones and between


@st.composite
def for_two_classes(draw, dtype, name, change=lambda x: x):
    """`name` and targets: zeros and ones, or anything between."""
    shape = draw(shapes())
    raw = draw(some.tensors(shape, dtype))
    target = (raw > 0).to(dtype) if draw(st.booleans()) else (raw.abs() / 8).to(dtype)
    return {name: change(draw(some.tensors(shape, dtype))), "target": target}


def probabilities(dtype):
    return for_two_classes(dtype, "prob", lambda x: torch.sigmoid(x / 1.7))


def binary_logits(dtype):
    return for_two_classes(dtype, "logits")


def binary_logits_off_zero(dtype):
    """max(z, 0) and abs(z) have no derivative at 0, though their sum in the loss has."""
    return for_two_classes(dtype, "logits", lambda x: torch.where(x == 0, 0.3, x))


@st.composite
def extreme_binary_logits(draw, dtype):
    case = draw(binary_logits(dtype))
    return case | {"logits": case["logits"] * draw(st.sampled_from([300.0, 30.0, 10_000.0]))}


def has_slopes(student, cases):
    """No gradient is NaN or infinite, whichever slope the parts of a formula take at their kinks."""
    answers = student(cases)
    wrong = wrong_answers(cases, answers, student.exercise.returns)
    broken = {index: found for index, found in wrong.items() if found[0].kind in ("not_finite", "raised")}
    if broken:
        raise Failure(cases, answers, broken)


def alone(name, *pairs):
    """One number and its target, both 0-d tensors."""
    return fixed(*some.in_dtypes(*({name: torch.tensor(a), "target": torch.tensor(b)} for a, b in pairs)))


# A probability of exactly 1 is judged in float64: one rounding away from it, the price is a sixth of what it is there.
CERTAIN = some.in_dtypes(
    {"prob": [0.0], "target": [0.0]},
    {"prob": [0.0, 0.75], "target": [1.0, 1.0]},
    {"prob": [[0.0, 0.25, 1e-30]], "target": [[0.5, 1.0, 1.0]]},
    {"prob": [1.0, 0.0], "target": [1.0, 0.0]},
    {"prob": [1.0, 0.5], "target": [0.0, 1.0]},
    dtypes=(torch.float32,),
) + some.in_dtypes(
    {"prob": [1.0, 0.5], "target": [1.0, 0.0]},
    {"prob": [1.0, 0.5], "target": [0.0, 0.0]},
    {"prob": [[0.0, 0.25], [1.0, 0.5]], "target": [[1.0, 1.0], [0.25, 0.0]]},
    {"prob": [1e-60, 1.0, 0.75], "target": [1.0, 1.0, 0.0]},
    {"prob": [1e-12, 0.3, 0.6], "target": [1.0, 0.0, 0.5]},
    dtypes=FLOAT64,
)
SOFT = {
    "logits": torch.tensor([0.5, -1.0, 2.0], dtype=torch.float64),
    "target": torch.tensor([0.25, 0.5, 0.875], dtype=torch.float64),
}
test_binary_cross_entropy = forward(
    "losses.binary_cross_entropy",
    values=worth(5, draw(probabilities, count=14)),
    of_certain_predictions=corner(1, "a probability of exactly 0 or 1, or next to it", fixed(*CERTAIN)),
    is_pure=once_right(1),
    gradient=once_right(2, slopes(probabilities)),
    of_one_number=once_right(1, alone("prob", (0.25, 1.0), (0.75, 0.5))),
    gradcheck={"prob": SOFT["target"].flip(0), "target": SOFT["target"]},
)

FAR_BINARY = some.in_dtypes(
    {"logits": [800.0, -800.0], "target": [0.0, 1.0]},
    {"logits": [800.0, -800.0, 0.0], "target": [1.0, 0.0, 1.0]},
    {"logits": [[1000.0, -40.0], [20.0, -1e4]], "target": [[0.25, 1.0], [0.0, 0.5]]},
    {"logits": [1e30, -1e30], "target": [1.0, 0.0]},
    # Of one sign alone, confidently wrong; and less far, where a limit for the probability decides.
    {"logits": [900.0, 1.5], "target": [0.0, 1.0]},
    {"logits": [-900.0, 1.5], "target": [1.0, 0.0]},
    {"logits": [30.0, -20.0, 14.5], "target": [0.0, 1.0, 0.0]},
)
# The loss has a slope here. The parts of a stable form need not, but NaN is none.
AT_ZERO = some.in_dtypes(
    {"logits": [[0.0, 1.5], [-2.0, 0.0]], "target": [[0.0, 1.0], [1.0, 1.0]]},
    {"logits": [[0.0, 1.5], [-2.0, 0.0]], "target": [[0.25, 0.5], [0.0, 0.75]]},
)
test_bce_with_logits = forward(
    "losses.bce_with_logits",
    values=worth(4, draw(binary_logits, count=14)),
    of_extreme_logits=worth(3, draw(extreme_binary_logits, count=6, always=FAR_BINARY)),
    is_pure=once_right(1),
    gradient=once_right(2, slopes(binary_logits_off_zero)),
    has_a_slope_at_zero=once_right(1, fixed(*AT_ZERO, gradient=True), test=has_slopes),
    of_one_number=once_right(1, alone("logits", (1.5, 1.0), (-0.75, 0.5))),
    gradcheck=SOFT,
)


# -------------------------------------------------------------------------------------------- distributions


@st.composite
def distributions(draw, dtype, zeros=False):
    """Rows that add up to 1; with `zeros`, the classes of some samples are impossible in p, or in both."""
    shape = draw(some.sizes(1, 5)), draw(some.sizes(2, 6))
    p, q = (torch.softmax(draw(some.tensors(shape, torch.float64)) / 2, -1) for _ in range(2))
    if zeros:
        p, q = (
            torch.where(draw(some.tensors(shape, torch.float64)) > limit, 0.0, each) for each, limit in ((p, 3), (q, 6))
        )
        p, q = torch.where(q == 0, 0.0, p), q
        p, q = (torch.where(each.sum(-1, keepdim=True) == 0, 1 / shape[1], each) for each in (p, q))
        p, q = (each / each.sum(-1, keepdim=True) for each in (p, q))
    return {"p": p.to(dtype), "q": q.to(dtype)}


IMPOSSIBLE = some.in_dtypes(
    {"p": [[1.0, 0.0]], "q": [[0.5, 0.5]]},
    {"p": [[0.5, 0.5]], "q": [[1.0, 0.0]]},
    {"p": [[0.0, 1.0, 0.0], [0.25, 0.5, 0.25]], "q": [[0.0, 0.75, 0.25], [0.5, 0.25, 0.25]]},
    {"p": [[0.5, 0.5, 0.0], [0.25, 0.25, 0.5]], "q": [[0.5, 0.5, 0.0], [0.0, 0.5, 0.5]]},
    {"p": [[0.5, 0.5, 0.0], [0.25, 0.25, 0.5]], "q": [[0.25, 0.75, 0.0], [0.0, 0.5, 0.5]]},
)
test_kl_divergence = forward(
    "losses.kl_divergence",
    values=worth(4, draw(distributions, count=14)),
    of_impossible_classes=worth(3, draw(lambda dtype: distributions(dtype, zeros=True), count=6, always=IMPOSSIBLE)),
    is_pure=once_right(1),
    gradient=once_right(2, slopes(distributions)),
    # Where p is 0, p log p has no slope, and torch's kl_div gives none either.
    finite_gradient=finite_gradient(draw(distributions)),
    gradcheck={"p": torch.softmax(PAIR["pred"], -1), "q": torch.softmax(PAIR["target"], -1)},
)


# -------------------------------------------------------------------------------- classes that are not equal


@st.composite
def weighted_batch(draw, dtype, samples=batch):
    case = draw(samples(dtype))
    weight = draw(some.tensors((case["logits"].shape[1],), dtype)).abs() + 0.25
    if draw(st.sampled_from([False, False, True])):
        absent = int(weight.argmin())  # a weight of 0, unless nothing else was used
        weight[absent] = 0.0 if bool((case["labels"] != absent).any()) else 0.25
    return case | {"weight": weight}


FAR_WEIGHTED = draw(
    lambda dtype: weighted_batch(dtype, extreme_batch),
    count=6,
    always=with_every_label(FAR_APART, weight=[0.5, 2.0, 3.25]),
)
test_weighted_cross_entropy = forward(
    "losses.weighted_cross_entropy",
    values=worth(
        4,
        draw(
            weighted_batch,
            count=16,
            always=tuple(case | {"weight": 1 + case["logits"][0] / 9} for case in MANY_CLASSES),
        ),
    ),
    of_extreme_logits=worth(3, FAR_WEIGHTED),
    is_pure=once_right(1),
    gradient=once_right(2, slopes(weighted_batch, count=10)),
    gradcheck={"logits": LOGITS, "labels": LABELS, "weight": torch.tensor([0.5, 2.0, 1.25], dtype=torch.float64)},
)


@st.composite
def counted_labels(draw, dtype):
    """Some classes are absent, also the last ones."""
    classes = draw(some.sizes(1, 6))
    labels = draw(some.labels(draw(some.sizes(1, 12)), classes))
    return {"labels": labels, "num_classes": classes + draw(some.sizes(0, 2))}


ONE_OF_SIXTY = {"labels": torch.eye(60)[7].long(), "num_classes": 2}  # its weight is large
TWELVE_COUNTED = ({"labels": torch.tensor([11, 0, 3, 11, 10]), "num_classes": 12}, ONE_OF_SIXTY)
test_class_weights = function(
    "losses.class_weights",
    values=worth(8, draw(counted_labels, count=20, dtypes=(torch.float32,), always=TWELVE_COUNTED)),
    is_pure=once_right(2),
)


def focused_batch(dtype):
    return batch(dtype, gamma=some.one_of(1.0, 3.0, 0.5, 5.0, 0.0))


# Where a price of thousands meets probabilities that add up to 1 by rounding only, 1 - p and the sum of the others
# differ by more than their rounding: in each row either the price is small or one class has all of the probability.
SEPARATE = [
    [[800.0, 799.0, 797.5], [-800.0, -801.0, -800.5]],
    [[1000.0, -1000.0, 0.0], [0.5, 0.25, -0.75]],
    [[60.0, 0.0, -60.0], [-1.5, 2.0, 0.75]],
    [[-40.0, 0.0, 1.0], [2000.0, 0.0, -2000.0]],
    [[1e30, 0.0, -1e30], [0.0, -1e30, 5e29]],
]


@st.composite
def extreme_focused_batch(draw, dtype):
    """Large logits, of which those of a row lie close together: see SEPARATE."""
    case = draw(batch(dtype, gamma=some.one_of(1.0, 0.5, 2.5)))
    return case | {"logits": case["logits"] + draw(st.sampled_from([800.0, -800.0, 10_000.0]))}


test_focal_loss = forward(
    "losses.focal_loss",
    values=worth(4, draw(focused_batch, count=16, always=tuple(case | {"gamma": 3.0} for case in MANY_CLASSES))),
    defaults=worth(1, draw(batch, count=6)),
    of_extreme_logits=worth(3, draw(extreme_focused_batch, count=6, always=with_every_label(SEPARATE, gamma=1.5))),
    is_pure=once_right(1),
    gradient=once_right(2, slopes(focused_batch, count=10)),
    # With a gamma below 1 the slope of (1 - p)^gamma is infinite where p is 1.
    finite_gradient=finite_gradient(fixed(*with_every_label(SEPARATE, gamma=1.5)), draw(extreme_batch, count=4)),
    gradcheck={"logits": LOGITS, "labels": LABELS, "gamma": 1.5},
)
