"""The references of losses, initialization and normalization against torch, SciPy and autograd."""

import math

import numpy as np
import pytest
import scipy.special
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from solutions import backprop, initialization, losses, normalization
from tests.judging.numbers import both_dtypes, close, normal, searched

# --- losses


@both_dtypes
@pytest.mark.parametrize("shape", [(1,), (5,), (4, 3), (2, 3, 4)], ids=str)
def test_losses_of_elements_equal_torch(shape, dtype):
    pred, target = 3 * normal(*shape, dtype=dtype), 3 * normal(*shape, dtype=dtype, seed=1)
    truth = torch.sigmoid(target)
    torch.testing.assert_close(losses.mse_loss(pred, target), F.mse_loss(pred, target))
    torch.testing.assert_close(losses.mae_loss(pred, target), F.l1_loss(pred, target))
    torch.testing.assert_close(losses.huber_loss(pred, target), F.huber_loss(pred, target))
    torch.testing.assert_close(losses.huber_loss(pred, target, 2.5), F.huber_loss(pred, target, delta=2.5))
    prob = torch.sigmoid(pred)
    torch.testing.assert_close(losses.binary_cross_entropy(prob, truth), F.binary_cross_entropy(prob, truth))
    for logits in (pred, 1000 * pred):
        expected = F.binary_cross_entropy_with_logits(logits, truth)
        torch.testing.assert_close(losses.bce_with_logits(logits, truth), expected)


@both_dtypes
@pytest.mark.parametrize("prob", [0.0, 1.0, 1e-30])
@pytest.mark.parametrize("target", [0.0, 0.25, 1.0])
def test_binary_cross_entropy_of_certainty_equals_torch(prob, target, dtype):
    prob, target = torch.tensor([prob], dtype=dtype), torch.tensor([target], dtype=dtype)
    torch.testing.assert_close(losses.binary_cross_entropy(prob, target), F.binary_cross_entropy(prob, target))


@both_dtypes
def test_kl_divergence_equals_torch_and_scipy(dtype):
    p, q = torch.softmax(normal(5, 4, dtype=dtype), -1), torch.softmax(normal(5, 4, dtype=dtype, seed=1), -1)
    torch.testing.assert_close(losses.kl_divergence(p, q), F.kl_div(q.log(), p, reduction="batchmean"))


@pytest.mark.parametrize(
    ("p", "q"),
    [([1, 0], [0.5, 0.5]), ([0.5, 0.5], [1, 0]), ([0, 1, 0], [0, 0.75, 0.25]), ([0, 0.5, 0.5], [0, 1, 0])],
    ids=str,
)
def test_kl_divergence_of_impossible_classes_equals_scipy(p, q):
    p, q = torch.tensor([p], dtype=torch.float64), torch.tensor([q], dtype=torch.float64)
    expected = torch.from_numpy(scipy.special.rel_entr(p.numpy(), q.numpy())).sum()
    torch.testing.assert_close(losses.kl_divergence(p, q), expected)


@both_dtypes
@pytest.mark.parametrize("size", [1, 1000])
def test_losses_of_classes_equal_torch(size, dtype):
    logits, labels = size * normal(6, 3, dtype=dtype), torch.tensor([0, 2, 2, 1, 0, 2])
    weight = torch.tensor([0.5, 2.0, 0.0], dtype=dtype)
    expected = F.cross_entropy(logits, labels, weight=weight)
    torch.testing.assert_close(losses.weighted_cross_entropy(logits, labels, weight), expected)
    torch.testing.assert_close(losses.focal_loss(logits, labels, 0.0), F.cross_entropy(logits, labels))
    price = F.cross_entropy(logits, labels, reduction="none")
    expected = ((1 - torch.exp(-price)) ** 2 * price).mean()
    torch.testing.assert_close(losses.focal_loss(logits, labels), expected)


def test_class_weights_make_every_class_count_the_same():
    labels = torch.tensor([0, 0, 0, 1, 3, 3])
    weights = losses.class_weights(labels, 5)
    assert weights.dtype == torch.float32 and weights[[2, 4]].tolist() == [0, 0]
    shares = [weights[label] * int((labels == label).sum()) for label in (0, 1, 3)]
    torch.testing.assert_close(torch.stack(shares), torch.full((3,), 6 / 5))
    assert losses.class_weights(torch.tensor([1, 0]), 2).tolist() == [1, 1]


# --- initialization


def test_xavier_init_has_the_scale_of_xavier_normal():
    weight = initialization.xavier_init(300, 500, torch.Generator().manual_seed(0))
    assert weight.shape == (500, 300) and weight.dtype == torch.float32
    torchs = torch.nn.init.xavier_normal_(torch.empty(500, 300), generator=torch.Generator().manual_seed(0))
    assert math.isclose(weight.std().item(), torchs.std().item(), rel_tol=0.02)


@both_dtypes
def test_layer_stds_equal_a_network_of_torch(dtype):
    x, weights = normal(6, 4, dtype=dtype), [normal(5, 4, dtype=dtype, seed=1), normal(3, 5, dtype=dtype, seed=2)]
    h, expected = x, []
    for weight in weights:
        h = torch.relu(F.linear(h, weight))
        expected.append(torch.std(h).item())
    assert initialization.layer_stds(x, weights) == pytest.approx(expected, rel=1e-6)


# --- normalization


@both_dtypes
@pytest.mark.parametrize("momentum", [0.1, 0.75])
def test_batch_norm_equals_torch(momentum, dtype):
    x, gamma, beta = normal(5, 3, dtype=dtype), normal(3, dtype=dtype, seed=1), normal(3, dtype=dtype, seed=2)
    mean, var = normal(3, dtype=dtype, seed=3), normal(3, dtype=dtype, seed=4).abs()
    torchs_mean, torchs_var = mean.clone(), var.clone()
    expected = F.batch_norm(x, torchs_mean, torchs_var, gamma, beta, True, momentum, 0.01)
    y, new_mean, new_var = normalization.batch_norm_train(x, gamma, beta, mean, var, momentum, 0.01)
    torch.testing.assert_close((y, new_mean, new_var), (expected, torchs_mean, torchs_var))
    expected = F.batch_norm(x, mean, var, gamma, beta, False, 0.0, 0.01)
    torch.testing.assert_close(normalization.batch_norm_eval(x, gamma, beta, mean, var, 0.01), expected)


@both_dtypes
def test_batch_norm_backward_equals_autograd(dtype):
    x, gamma, beta = normal(5, 3, dtype=dtype), normal(3, dtype=dtype, seed=1), normal(3, dtype=dtype, seed=2)
    grad_out = normal(5, 3, dtype=dtype, seed=3)
    leaves = [each.requires_grad_() for each in (x, gamma, beta)]
    expected = torch.autograd.grad(F.batch_norm(x, None, None, gamma, beta, True, 0.0, 0.01), leaves, grad_out)
    actual = normalization.batch_norm_backward(grad_out, x.detach(), gamma.detach(), 0.01)
    torch.testing.assert_close(actual, expected)


@both_dtypes
@pytest.mark.parametrize("shape", [(4,), (3, 4), (2, 3, 4)], ids=str)
def test_norms_of_rows_equal_torch(shape, dtype):
    x, gamma, beta = normal(*shape, dtype=dtype), normal(4, dtype=dtype, seed=1), normal(4, dtype=dtype, seed=2)
    expected = F.layer_norm(x, (4,), gamma, beta, 0.01)
    torch.testing.assert_close(normalization.layer_norm(x, gamma, beta, 0.01), expected)
    torch.testing.assert_close(normalization.rms_norm(x, gamma, 0.01), F.rms_norm(x, (4,), gamma, 0.01))


@both_dtypes
@pytest.mark.parametrize("groups", [1, 2, 6])
def test_group_norm_equals_torch(groups, dtype):
    x, gamma, beta = normal(2, 6, 3, dtype=dtype), normal(6, dtype=dtype, seed=1), normal(6, dtype=dtype, seed=2)
    expected = F.group_norm(x, groups, gamma, beta, 0.01)
    torch.testing.assert_close(normalization.group_norm(x, groups, gamma, beta, 0.01), expected)
    strided = x.mT.contiguous().mT
    torch.testing.assert_close(normalization.group_norm(strided, groups, gamma, beta, 0.01), expected)


# --- softmax and log_softmax

SHAPES = {"1-D": (5,), "2-D": (3, 5), "3-D": (2, 3, 4), "batch of one": (1, 4), "one class": (3, 1)}
all_shapes = pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
EXTREME_ROWS = [[800, 800, 800], [-800, -800, -800], [800, -800, 0], [1000, -1000, 999], [-1000, 1000, -800]]
SOFTMAXES = {
    "softmax": (losses.softmax, torch.softmax, scipy.special.softmax),
    "log_softmax": (losses.log_softmax, torch.log_softmax, scipy.special.log_softmax),
}
both_softmaxes = pytest.mark.parametrize(("ours", "of_torch", "of_scipy"), SOFTMAXES.values(), ids=SOFTMAXES)
# float32 numbers, which both dtypes hold exactly, so that the float64 reference sees the same input.
some_logits = hnp.arrays(
    np.float32, hnp.array_shapes(max_dims=3, max_side=6), elements=st.floats(-1000, 1000, width=32)
)


@both_dtypes
@all_shapes
@both_softmaxes
def test_softmaxes_equal_torch_and_scipy(ours, of_torch, of_scipy, shape, dtype):
    logits = 3 * normal(*shape, dtype=dtype)
    close(ours(logits), of_torch(logits, dim=-1))
    close(ours(logits), of_scipy(logits.double().numpy(), axis=-1))


@both_dtypes
@both_softmaxes
def test_softmaxes_are_exact_and_finite_on_extreme_logits(ours, of_torch, of_scipy, dtype):
    logits = torch.tensor(EXTREME_ROWS, dtype=dtype)
    assert torch.isfinite(ours(logits)).all()
    close(ours(logits), of_torch(logits, dim=-1))
    close(ours(logits), of_scipy(logits.double().numpy(), axis=-1))


@both_dtypes
@both_softmaxes
@searched
@given(logits=some_logits)
def test_softmaxes_equal_scipy_on_any_logits(ours, of_torch, of_scipy, dtype, logits):
    close(ours(torch.from_numpy(logits).to(dtype)), of_scipy(logits.astype(np.float64), axis=-1))


@both_dtypes
def test_softmax_of_the_largest_finite_numbers_is_finite(dtype):
    largest = torch.finfo(dtype).max
    assert losses.softmax(torch.tensor([largest, -largest, 0], dtype=dtype)).tolist() == [1, 0, 0]


@pytest.mark.parametrize("name", SOFTMAXES)
@all_shapes
def test_softmaxes_are_differentiable(name, shape):
    assert torch.autograd.gradcheck(SOFTMAXES[name][0], normal(*shape).requires_grad_())


# --- cross-entropy and its gradient


def numpy_cross_entropy(logits, labels):
    """-log p(label) = logsumexp(row - row[label]); unlike logsumexp(row) - row[label] it loses no digits."""
    logits, labels = logits.double().numpy(), labels.numpy()
    return scipy.special.logsumexp(logits - np.take_along_axis(logits, labels[:, None], axis=1), axis=1).mean()


def numpy_cross_entropy_gradient(logits, labels):
    one_hot = np.eye(logits.shape[1])[labels.numpy()]
    return (scipy.special.softmax(logits.double().numpy(), axis=1) - one_hot) / len(labels)


def check_cross_entropy(logits, labels):
    """The loss and its gradient against torch, autograd, and NumPy and SciPy."""
    loss, gradient = losses.cross_entropy(logits, labels), backprop.softmax_cross_entropy_backward(logits, labels)
    assert torch.isfinite(loss) and torch.isfinite(gradient).all()
    close(loss, F.cross_entropy(logits, labels))
    close(loss, numpy_cross_entropy(logits, labels))
    leaf = logits.clone().requires_grad_()
    close(gradient, torch.autograd.grad(F.cross_entropy(leaf, labels), leaf)[0])
    close(gradient, numpy_cross_entropy_gradient(logits, labels))


@both_dtypes
@pytest.mark.parametrize("shape", [(6, 4), (1, 4), (3, 1), (1, 1)], ids=str)
def test_cross_entropy_and_its_gradient_equal_torch_and_scipy(shape, dtype):
    check_cross_entropy(3 * normal(*shape, dtype=dtype), torch.arange(shape[0]).flip(0) % shape[1])


@both_dtypes
@pytest.mark.parametrize("label", range(3))
def test_cross_entropy_and_its_gradient_are_exact_on_extreme_logits(label, dtype):
    check_cross_entropy(torch.tensor(EXTREME_ROWS, dtype=dtype), torch.full((len(EXTREME_ROWS),), label))


@both_dtypes
@searched
@given(data=st.data())
def test_cross_entropy_and_its_gradient_on_any_logits(dtype, data):
    rows, classes = data.draw(st.integers(1, 6)), data.draw(st.integers(1, 6))
    logits = data.draw(hnp.arrays(np.float32, (rows, classes), elements=st.floats(-1000, 1000, width=32)))
    labels = data.draw(hnp.arrays(np.int64, rows, elements=st.integers(0, classes - 1)))
    check_cross_entropy(torch.from_numpy(logits).to(dtype), torch.from_numpy(labels))


def test_cross_entropy_of_a_know_nothing_classifier_is_log_of_the_classes():
    close(losses.cross_entropy(torch.zeros(7, 10, dtype=torch.float64), torch.arange(7)), math.log(10))


LABELS = torch.tensor([3, 0, 3, 1])


class CrossEntropy(torch.autograd.Function):
    """torch's loss forwards, ours backwards."""

    @staticmethod
    def forward(ctx, logits):
        ctx.save_for_backward(logits)
        return F.cross_entropy(logits, LABELS[: len(logits)])

    @staticmethod
    def backward(ctx, grad_out):
        (logits,) = ctx.saved_tensors
        return grad_out * backprop.softmax_cross_entropy_backward(logits, LABELS[: len(logits)])


@pytest.mark.parametrize("samples", [4, 1])
def test_cross_entropy_and_its_gradient_pass_gradcheck(samples):
    logits = normal(samples, 5).requires_grad_()
    assert torch.autograd.gradcheck(lambda x: losses.cross_entropy(x, LABELS[:samples]), logits)
    assert torch.autograd.gradcheck(CrossEntropy.apply, logits)
