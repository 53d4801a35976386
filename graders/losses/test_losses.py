"""Hidden grader of the unit losses."""

import torch
from hypothesis import strategies as st

from backpass.cases import draw
from backpass.checks import agree, check, leaves_inputs_alone, leaves_no_trace, passes_gradcheck
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

ANY_SHAPE = draw(logits_of_any_shape, count=16)
ANY_SHAPE_GRADIENT = draw(logits_of_any_shape, count=10, dtypes=FLOAT64, gradient=True)
FAR = draw(extreme_logits_of_any_shape, count=8, always=tuple({"logits": x} for x in EXTREMES))
# Small probabilities are compared relative to themselves: a clamp at 1e-12 is then a visible mistake.
FAR_RELATIVE = draw(extreme_logits_of_any_shape, count=8, always=tuple({"logits": x} for x in EXTREMES), relative=True)
BATCHES = draw(batch, count=16)
BATCH_GRADIENT = draw(batch, count=10, dtypes=FLOAT64, gradient=True)
FAR_BATCHES = draw(extreme_batch, count=8, always=EXTREME_BATCHES)


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
