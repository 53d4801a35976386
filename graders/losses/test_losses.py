"""Hidden grader of the unit losses."""

import torch
from hypothesis import strategies as st

from backpass.judging.assertions import agree, leaves_inputs_alone, leaves_no_trace
from backpass.judging.cases import draw, fixed, tensors
from backpass.judging.checks import check
from backpass.judging.comparison import wrong_answers
from backpass.judging.failures import Failure
from backpass.judging.gradcheck import passes_gradcheck
from backpass.worker.invoke import Call
from graders import strategies as some


@st.composite
def logits_of_any_shape(draw, dtype):
    return {"logits": draw(some.tensors(draw(some.shapes_of_logits()), dtype))}


@st.composite
def extreme_logits_of_any_shape(draw, dtype):
    return {"logits": draw(some.extreme_rows(draw(some.shapes_of_logits()), dtype))}


@st.composite
def batch(draw, dtype):
    samples, classes = draw(some.sizes(1, 7)), draw(some.sizes(2, 7))
    return {"logits": draw(some.tensors((samples, classes), dtype)), "labels": draw(some.labels(samples, classes))}


@st.composite
def extreme_batch(draw, dtype):
    samples, classes = draw(some.sizes(1, 5)), draw(some.sizes(2, 5))
    logits = draw(some.extreme_rows((samples, classes), dtype))
    return {"logits": logits, "labels": draw(some.labels(samples, classes))}


@st.composite
def shapes(draw):
    """Mostly matrices, in which the number of samples and that of all elements differ."""
    return tuple(draw(some.sizes(1, 5)) for _ in range(draw(st.sampled_from([2, 1, 3, 2]))))


@st.composite
def predictions(draw, dtype, scales=(1.0, 1.0, 100.0)):
    shape, scale = draw(shapes()), draw(st.sampled_from(scales))
    return {name: draw(some.tensors(shape, dtype)) * scale for name in ("pred", "target")}


@st.composite
def predictions_off_target(draw, dtype):
    """No error is 0, where the absolute value has no derivative."""
    case = draw(predictions(dtype, scales=(1.0,)))
    return case | {"target": torch.where(case["pred"] == case["target"], case["target"] + 0.3, case["target"])}


@st.composite
def predictions_and_delta(draw, dtype):
    """Errors on both sides of delta, of both signs."""
    return draw(predictions(dtype, scales=(1.0,))) | {"delta": draw(st.sampled_from([2.5, 0.6, 4.0, 1.75]))}


@st.composite
def predictions_off_target_and_delta(draw, dtype):
    return draw(predictions_off_target(dtype)) | {"delta": draw(st.sampled_from([2.51, 0.61, 4.01]))}


@st.composite
def targets(draw, shape, dtype):
    """Of two classes: zeros and ones, or anything between."""
    raw = draw(some.tensors(shape, dtype))
    return (raw > 0).to(dtype) if draw(st.booleans()) else (raw.abs() / 8).to(dtype)


@st.composite
def probabilities(draw, dtype):
    shape = draw(shapes())
    prob = torch.sigmoid(draw(some.tensors(shape, dtype)) / 1.7)
    return {"prob": prob, "target": draw(targets(shape, dtype))}


@st.composite
def binary_logits(draw, dtype):
    shape = draw(shapes())
    return {"logits": draw(some.tensors(shape, dtype)), "target": draw(targets(shape, dtype))}


@st.composite
def binary_logits_off_zero(draw, dtype):
    """max(z, 0) and abs(z) have no derivative at 0, though their sum in the loss has."""
    case = draw(binary_logits(dtype))
    return case | {"logits": torch.where(case["logits"] == 0, 0.3, case["logits"])}


@st.composite
def extreme_binary_logits(draw, dtype):
    case = draw(binary_logits(dtype))
    return case | {"logits": case["logits"] * draw(st.sampled_from([300.0, 30.0, 10_000.0]))}


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


def distributions_with_zeros(dtype):
    return distributions(dtype, zeros=True)


@st.composite
def weighted_batch(draw, dtype, samples=batch):
    case = draw(samples(dtype))
    weight = draw(some.tensors((case["logits"].shape[1],), dtype)).abs() + 0.25
    if draw(st.sampled_from([False, False, True])):
        absent = int(weight.argmin())  # a weight of 0, unless nothing else was used
        weight[absent] = 0.0 if bool((case["labels"] != absent).any()) else 0.25
    return case | {"weight": weight}


def extreme_weighted_batch(dtype):
    return weighted_batch(dtype, extreme_batch)


@st.composite
def counted_labels(draw, dtype):
    """Some classes are absent, also the last ones."""
    classes = draw(some.sizes(1, 6))
    return {
        "labels": draw(some.labels(draw(some.sizes(1, 12)), classes)),
        "num_classes": classes + draw(some.sizes(0, 2)),
    }


@st.composite
def focused_batch(draw, dtype, samples=batch):
    return draw(samples(dtype)) | {"gamma": draw(st.sampled_from([1.0, 3.0, 0.5, 5.0, 0.0]))}


@st.composite
def extreme_focused_batch(draw, dtype):
    """Large logits, of which those of a row lie close together: see SEPARATE."""
    case = draw(batch(dtype))
    shift = draw(st.sampled_from([800.0, -800.0, 10_000.0]))
    return case | {"logits": case["logits"] + shift, "gamma": draw(st.sampled_from([1.0, 0.5, 2.5]))}


FLOAT64 = (torch.float64,)

# Rows far below the batch's largest, a spread that leaves float range, and numbers near its end.
FAR_APART = [
    [[800.0, 799.0, 797.5], [-800.0, -801.0, -800.5]],
    [[1000.0, -1000.0, 999.0], [0.5, 0.25, -0.75]],
    [[-40.0, 0.0, 1.0], [2000.0, 0.0, -2000.0]],
    [[1e30, 0.0, -1e30], [0.0, -1e30, 5e29]],
]
EXTREMES = tuple(torch.tensor(rows, dtype=dtype) for dtype in (torch.float32, torch.float64) for rows in FAR_APART)
# Every class is the label once in each row, so that the price of a confident mistake is seen.
EXTREME_BATCHES = tuple({"logits": x, "labels": torch.tensor(y)} for x in EXTREMES for y in ([0, 2], [1, 0], [2, 1]))

EXTREME_WEIGHTED = tuple(
    case | {"weight": torch.tensor([0.5, 2.0, 3.25], dtype=case["logits"].dtype)} for case in EXTREME_BATCHES
)
# Where a price of thousands meets probabilities that add up to 1 by rounding only, 1 - p and the sum of the others
# differ by more than their rounding: in each row either the price is small or one class has all of the probability.
SEPARATE = [
    [[800.0, 799.0, 797.5], [-800.0, -801.0, -800.5]],
    [[1000.0, -1000.0, 0.0], [0.5, 0.25, -0.75]],
    [[60.0, 0.0, -60.0], [-1.5, 2.0, 0.75]],
    [[-40.0, 0.0, 1.0], [2000.0, 0.0, -2000.0]],
    [[1e30, 0.0, -1e30], [0.0, -1e30, 5e29]],
]
EXTREME_FOCUSED = tuple(
    {"logits": torch.tensor(rows, dtype=dtype), "labels": torch.tensor(labels), "gamma": 1.5}
    for dtype in (torch.float32, torch.float64)
    for rows in SEPARATE
    for labels in ([0, 2], [1, 0], [2, 1])
)

# A probability of exactly 1 is judged in float64: one rounding away from it, the price is a sixth of what it is there.
CERTAIN = tuple(
    {"prob": torch.tensor(prob, dtype=dtype), "target": torch.tensor(target, dtype=dtype)}
    for prob, target, dtype in (
        ([0.0], [0.0], torch.float32),
        ([0.0, 0.75], [1.0, 1.0], torch.float32),
        ([[0.0, 0.25, 1e-30]], [[0.5, 1.0, 1.0]], torch.float32),
        ([1.0, 0.5], [1.0, 0.0], torch.float64),
        ([1.0, 0.5], [0.0, 0.0], torch.float64),
        ([[0.0, 0.25], [1.0, 0.5]], [[1.0, 1.0], [0.25, 0.0]], torch.float64),
        ([1e-60, 1.0, 0.75], [1.0, 1.0, 0.0], torch.float64),
        ([1e-12, 0.3, 0.6], [1.0, 0.0, 0.5], torch.float64),
        ([1.0, 0.0], [1.0, 0.0], torch.float32),
        ([1.0, 0.5], [0.0, 1.0], torch.float32),
    )
)
FAR_BINARY = tuple(
    {"logits": torch.tensor(logits, dtype=dtype), "target": torch.tensor(target, dtype=dtype)}
    for dtype in (torch.float32, torch.float64)
    for logits, target in (
        ([800.0, -800.0], [0.0, 1.0]),
        ([800.0, -800.0, 0.0], [1.0, 0.0, 1.0]),
        ([[1000.0, -40.0], [20.0, -1e4]], [[0.25, 1.0], [0.0, 0.5]]),
        ([1e30, -1e30], [1.0, 0.0]),
    )
)
IMPOSSIBLE = tuple(
    {"p": torch.tensor(p, dtype=dtype), "q": torch.tensor(q, dtype=dtype)}
    for dtype in (torch.float32, torch.float64)
    for p, q in (
        ([[1.0, 0.0]], [[0.5, 0.5]]),
        ([[0.5, 0.5]], [[1.0, 0.0]]),
        ([[0.0, 1.0, 0.0], [0.25, 0.5, 0.25]], [[0.0, 0.75, 0.25], [0.5, 0.25, 0.25]]),
        ([[0.5, 0.5, 0.0], [0.25, 0.25, 0.5]], [[0.5, 0.5, 0.0], [0.0, 0.5, 0.5]]),
        ([[0.5, 0.5, 0.0], [0.25, 0.25, 0.5]], [[0.25, 0.75, 0.0], [0.0, 0.5, 0.5]]),
    )
)

# Some errors are exactly 0, and others are not.
PARTLY_PERFECT = tuple(
    {"pred": torch.tensor(pred, dtype=dtype), "target": torch.tensor(target, dtype=dtype)}
    for dtype in (torch.float32, torch.float64)
    for pred, target in (([[0.0, 2.0], [3.0, -1.0]], [[0.0, 2.5], [3.0, 1.0]]), ([1.5, -2.0, 4.0], [1.5, 1.0, 4.0]))
)
# Some errors are exactly as large as delta: there each piece is right, and one of them must be charged once.
AT_DELTA = tuple(case | {"delta": delta} for case, delta in zip(PARTLY_PERFECT, (2.0, 3.0, 2.0, 3.0), strict=True))
# Any shape: one number by itself is a 0-d tensor.
ONE_NUMBER = fixed(
    *(
        {"pred": torch.tensor(pred, dtype=dtype), "target": torch.tensor(target, dtype=dtype)}
        for dtype in (torch.float32, torch.float64)
        for pred, target in ((1.5, -1.0), (0.25, 0.5))
    )
)
ONE_PROBABILITY = fixed(
    *(
        {"prob": torch.tensor(prob, dtype=dtype), "target": torch.tensor(target, dtype=dtype)}
        for dtype in (torch.float32, torch.float64)
        for prob, target in ((0.25, 1.0), (0.75, 0.5))
    )
)
ONE_LOGIT = fixed(
    *(
        {"logits": torch.tensor(logit, dtype=dtype), "target": torch.tensor(target, dtype=dtype)}
        for dtype in (torch.float32, torch.float64)
        for logit, target in ((1.5, 1.0), (-0.75, 0.5))
    )
)
# Both losses have one slope here. The parts of a stable form need not, but NaN is none.
AT_TARGET_AND_DELTA = fixed(*(case | {"delta": 0.61} for case in PARTLY_PERFECT), gradient=True)
AT_ZERO = fixed(
    *(
        {"logits": torch.tensor([[0.0, 1.5], [-2.0, 0.0]], dtype=dtype), "target": torch.tensor(target, dtype=dtype)}
        for dtype in (torch.float32, torch.float64)
        for target in ([[0.0, 1.0], [1.0, 1.0]], [[0.25, 0.5], [0.0, 0.75]])
    ),
    gradient=True,
)

PREDICTIONS = draw(predictions, count=14, always=PARTLY_PERFECT)
SQUARE_GRADIENT = draw(predictions, count=8, dtypes=FLOAT64, gradient=True)
OFF_TARGET_GRADIENT = draw(predictions_off_target, count=8, dtypes=FLOAT64, gradient=True)
HUBER = draw(predictions_and_delta, count=16, always=AT_DELTA)
HUBER_BY_DEFAULT = draw(predictions, count=6)
HUBER_GRADIENT = draw(predictions_off_target_and_delta, count=10, dtypes=FLOAT64, gradient=True)
PROBABILITIES = draw(probabilities, count=14)
CERTAINTIES = fixed(*CERTAIN)
PROBABILITY_GRADIENT = draw(probabilities, count=8, dtypes=FLOAT64, gradient=True)
BINARY = draw(binary_logits, count=14)
EXTREME_BINARY = draw(extreme_binary_logits, count=6, always=FAR_BINARY)
BINARY_GRADIENT = draw(binary_logits_off_zero, count=8, dtypes=FLOAT64, gradient=True)
DISTRIBUTIONS = draw(distributions, count=14)
DISTRIBUTIONS_WITH_ZEROS = draw(distributions_with_zeros, count=6, always=IMPOSSIBLE)
DISTRIBUTION_GRADIENT = draw(distributions, count=8, dtypes=FLOAT64, gradient=True)
WEIGHTED = draw(weighted_batch, count=16)
FAR_WEIGHTED = draw(extreme_weighted_batch, count=6, always=EXTREME_WEIGHTED)
WEIGHTED_GRADIENT = draw(weighted_batch, count=10, dtypes=FLOAT64, gradient=True)
LABELS = draw(counted_labels, count=20, dtypes=(torch.float32,))
FOCUSED = draw(focused_batch, count=16)
FOCUSED_BY_DEFAULT = draw(batch, count=6)
FAR_FOCUSED = draw(extreme_focused_batch, count=6, always=EXTREME_FOCUSED)
FOCUSED_GRADIENT = draw(focused_batch, count=10, dtypes=FLOAT64, gradient=True)

ANY_SHAPE = draw(logits_of_any_shape, count=16)
ANY_SHAPE_GRADIENT = draw(logits_of_any_shape, count=10, dtypes=FLOAT64, gradient=True)
FAR = draw(extreme_logits_of_any_shape, count=8, always=tuple({"logits": x} for x in EXTREMES))
# Small probabilities are compared relative to themselves: a clamp at 1e-12 is then a visible mistake.
FAR_RELATIVE = draw(extreme_logits_of_any_shape, count=8, always=tuple({"logits": x} for x in EXTREMES), relative=True)
BATCHES = draw(batch, count=16)
BATCH_GRADIENT = draw(batch, count=10, dtypes=FLOAT64, gradient=True)
FAR_BATCHES = draw(extreme_batch, count=8, always=EXTREME_BATCHES)

# For gradcheck: no error is 0, or as large as the delta that is used.
PAIR = {
    "pred": torch.tensor([[0.5, -1.0, 2.0], [1.5, 0.0, -0.5]], dtype=torch.float64),
    "target": torch.tensor([[0.25, 1.0, 1.5], [-2.0, 0.75, -1.0]], dtype=torch.float64),
}
SOFT = {
    "logits": torch.tensor([0.5, -1.0, 2.0], dtype=torch.float64),
    "target": torch.tensor([0.25, 0.5, 0.875], dtype=torch.float64),
}


def has_slopes(student, cases):
    """No gradient is NaN or infinite, whichever slope the parts of a formula take at their kinks."""
    answers = student(cases)
    wrong = wrong_answers(cases, answers, student.exercise.returns)
    broken = {index: found for index, found in wrong.items() if found[0].kind in ("not_finite", "raised")}
    if broken:
        raise Failure(cases, answers, broken)


@check("losses.mse_loss", PREDICTIONS, weight=6)
def test_mse_loss_values(student, cases):
    agree(student, cases)


@check("losses.mse_loss", PREDICTIONS, once_right=True)
def test_mse_loss_is_pure(student, cases):
    leaves_inputs_alone(student, cases)
    leaves_no_trace(student, cases)


@check("losses.mse_loss", SQUARE_GRADIENT, weight=3, once_right=True)
def test_mse_loss_gradient(student, cases):
    agree(student, cases)
    passes_gradcheck(student, PAIR)


@check("losses.mse_loss", ONE_NUMBER, once_right=True)
def test_mse_loss_of_one_number(student, cases):
    agree(student, cases)


@check("losses.mae_loss", PREDICTIONS, weight=6)
def test_mae_loss_values(student, cases):
    agree(student, cases)


@check("losses.mae_loss", PREDICTIONS, once_right=True)
def test_mae_loss_is_pure(student, cases):
    leaves_inputs_alone(student, cases)
    leaves_no_trace(student, cases)


@check("losses.mae_loss", OFF_TARGET_GRADIENT, weight=3, once_right=True)
def test_mae_loss_gradient(student, cases):
    agree(student, cases)
    passes_gradcheck(student, PAIR)
    # |e| has no derivative where e is 0, so a NaN there is no mistake by the letter: it is worth a word.
    (answer,) = student.ask([Call(PARTLY_PERFECT[0], cotangent=torch.tensor(1.0))])
    slopes = [] if answer.raised is not None else list(tensors(answer.value))
    if not all(bool(slope.isfinite().all()) for slope in slopes):
        student.notes[
            "Right. Where an error is exactly 0 your gradient is NaN (a root has an infinite slope at 0), and one "
            "perfect prediction spoils a whole step: abs has no such place."
        ] = None


@check("losses.mae_loss", ONE_NUMBER, once_right=True)
def test_mae_loss_of_one_number(student, cases):
    agree(student, cases)


@check("losses.huber_loss", HUBER, weight=5)
def test_huber_loss_values(student, cases):
    agree(student, cases)


@check("losses.huber_loss", HUBER_BY_DEFAULT)
def test_huber_loss_default(student, cases):
    agree(student, cases)


@check("losses.huber_loss", HUBER, once_right=True)
def test_huber_loss_is_pure(student, cases):
    leaves_inputs_alone(student, cases)
    leaves_no_trace(student, cases)


@check("losses.huber_loss", HUBER_GRADIENT, weight=3, once_right=True)
def test_huber_loss_gradient(student, cases):
    agree(student, cases)
    passes_gradcheck(student, PAIR | {"delta": 1.25})


@check("losses.huber_loss", AT_TARGET_AND_DELTA, once_right=True)
def test_huber_loss_gradient_at_the_target(student, cases):
    agree(student, cases)


@check("losses.huber_loss", ONE_NUMBER, once_right=True)
def test_huber_loss_of_one_number(student, cases):
    agree(student, cases)


@check("losses.softmax", ANY_SHAPE, weight=4)
def test_softmax_values(student, cases):
    agree(student, cases)


@check("losses.softmax", FAR_RELATIVE, weight=3)
def test_softmax_of_extreme_logits(student, cases):
    agree(student, cases)


@check("losses.softmax", ANY_SHAPE_GRADIENT, weight=2)
def test_softmax_gradient(student, cases):
    agree(student, cases)


@check("losses.softmax", ANY_SHAPE, once_right=True)
def test_softmax_is_pure(student, cases):
    leaves_inputs_alone(student, cases)
    leaves_no_trace(student, cases)
    passes_gradcheck(student, {"logits": torch.tensor([[0.5, -1.0, 2.0]], dtype=torch.float64)})


@check("losses.log_softmax", ANY_SHAPE, weight=4)
def test_log_softmax_values(student, cases):
    agree(student, cases)


@check("losses.log_softmax", FAR, weight=3)
def test_log_softmax_of_extreme_logits(student, cases):
    agree(student, cases)


@check("losses.log_softmax", ANY_SHAPE_GRADIENT, weight=2)
def test_log_softmax_gradient(student, cases):
    agree(student, cases)


@check("losses.log_softmax", ANY_SHAPE, once_right=True)
def test_log_softmax_is_pure(student, cases):
    leaves_inputs_alone(student, cases)
    leaves_no_trace(student, cases)
    passes_gradcheck(student, {"logits": torch.tensor([[0.5, -1.0, 2.0]], dtype=torch.float64)})


@check("losses.cross_entropy", BATCHES, weight=4)
def test_cross_entropy_values(student, cases):
    agree(student, cases)


@check("losses.cross_entropy", FAR_BATCHES, weight=3)
def test_cross_entropy_of_extreme_logits(student, cases):
    agree(student, cases)


@check("losses.cross_entropy", BATCH_GRADIENT, weight=2)
def test_cross_entropy_gradient(student, cases):
    agree(student, cases)


@check("losses.cross_entropy", BATCHES, once_right=True)
def test_cross_entropy_is_pure(student, cases):
    leaves_inputs_alone(student, cases)
    leaves_no_trace(student, cases)
    logits = torch.tensor([[0.5, -1.0, 2.0], [1.5, 0.0, -0.5]], dtype=torch.float64)
    passes_gradcheck(student, {"logits": logits, "labels": torch.tensor([2, 1])})


@check("losses.binary_cross_entropy", PROBABILITIES, weight=4)
def test_binary_cross_entropy_values(student, cases):
    agree(student, cases)


@check("losses.binary_cross_entropy", CERTAINTIES, weight=3)
def test_binary_cross_entropy_of_certain_predictions(student, cases):
    agree(student, cases)


@check("losses.binary_cross_entropy", PROBABILITIES, once_right=True)
def test_binary_cross_entropy_is_pure(student, cases):
    leaves_inputs_alone(student, cases)
    leaves_no_trace(student, cases)


@check("losses.binary_cross_entropy", PROBABILITY_GRADIENT, weight=2, once_right=True)
def test_binary_cross_entropy_gradient(student, cases):
    agree(student, cases)
    passes_gradcheck(student, {"prob": SOFT["target"].flip(0), "target": SOFT["target"]})


@check("losses.binary_cross_entropy", ONE_PROBABILITY, once_right=True)
def test_binary_cross_entropy_of_one_number(student, cases):
    agree(student, cases)


@check("losses.bce_with_logits", BINARY, weight=4)
def test_bce_with_logits_values(student, cases):
    agree(student, cases)


@check("losses.bce_with_logits", EXTREME_BINARY, weight=3)
def test_bce_with_logits_of_extreme_logits(student, cases):
    agree(student, cases)


@check("losses.bce_with_logits", BINARY, once_right=True)
def test_bce_with_logits_is_pure(student, cases):
    leaves_inputs_alone(student, cases)
    leaves_no_trace(student, cases)


@check("losses.bce_with_logits", BINARY_GRADIENT, weight=2, once_right=True)
def test_bce_with_logits_gradient(student, cases):
    agree(student, cases)
    passes_gradcheck(student, SOFT)


@check("losses.bce_with_logits", AT_ZERO, once_right=True)
def test_bce_with_logits_has_a_slope_at_zero(student, cases):
    has_slopes(student, cases)


@check("losses.bce_with_logits", ONE_LOGIT, once_right=True)
def test_bce_with_logits_of_one_number(student, cases):
    agree(student, cases)


@check("losses.kl_divergence", DISTRIBUTIONS, weight=4)
def test_kl_divergence_values(student, cases):
    agree(student, cases)


@check("losses.kl_divergence", DISTRIBUTIONS_WITH_ZEROS, weight=3)
def test_kl_divergence_of_impossible_classes(student, cases):
    agree(student, cases)


@check("losses.kl_divergence", DISTRIBUTIONS, once_right=True)
def test_kl_divergence_is_pure(student, cases):
    leaves_inputs_alone(student, cases)
    leaves_no_trace(student, cases)


@check("losses.kl_divergence", DISTRIBUTION_GRADIENT, weight=2, once_right=True)
def test_kl_divergence_gradient(student, cases):
    agree(student, cases)
    p, q = torch.softmax(PAIR["pred"], -1), torch.softmax(PAIR["target"], -1)
    passes_gradcheck(student, {"p": p, "q": q})


@check("losses.weighted_cross_entropy", WEIGHTED, weight=4)
def test_weighted_cross_entropy_values(student, cases):
    agree(student, cases)


@check("losses.weighted_cross_entropy", FAR_WEIGHTED, weight=3)
def test_weighted_cross_entropy_of_extreme_logits(student, cases):
    agree(student, cases)


@check("losses.weighted_cross_entropy", WEIGHTED, once_right=True)
def test_weighted_cross_entropy_is_pure(student, cases):
    leaves_inputs_alone(student, cases)
    leaves_no_trace(student, cases)


@check("losses.weighted_cross_entropy", WEIGHTED_GRADIENT, weight=2, once_right=True)
def test_weighted_cross_entropy_gradient(student, cases):
    agree(student, cases)
    weight = torch.tensor([0.5, 2.0, 1.25], dtype=torch.float64)
    passes_gradcheck(student, {"logits": PAIR["pred"], "labels": torch.tensor([2, 1]), "weight": weight})


@check("losses.class_weights", LABELS, weight=8)
def test_class_weights_values(student, cases):
    agree(student, cases)


@check("losses.class_weights", LABELS, weight=2, once_right=True)
def test_class_weights_is_pure(student, cases):
    leaves_inputs_alone(student, cases)
    leaves_no_trace(student, cases)


@check("losses.focal_loss", FOCUSED, weight=4)
def test_focal_loss_values(student, cases):
    agree(student, cases)


@check("losses.focal_loss", FOCUSED_BY_DEFAULT)
def test_focal_loss_default(student, cases):
    agree(student, cases)


@check("losses.focal_loss", FAR_FOCUSED, weight=3)
def test_focal_loss_of_extreme_logits(student, cases):
    agree(student, cases)


@check("losses.focal_loss", FOCUSED, once_right=True)
def test_focal_loss_is_pure(student, cases):
    leaves_inputs_alone(student, cases)
    leaves_no_trace(student, cases)


@check("losses.focal_loss", FOCUSED_GRADIENT, weight=2, once_right=True)
def test_focal_loss_gradient(student, cases):
    agree(student, cases)
    passes_gradcheck(student, {"logits": PAIR["pred"], "labels": torch.tensor([2, 1]), "gamma": 1.5})
