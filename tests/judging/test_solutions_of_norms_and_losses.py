"""The references of losses, initialization and normalization against torch, SciPy and autograd."""

import math

import pytest
import scipy.special
import torch
import torch.nn.functional as F

from solutions import initialization, losses, normalization

both_dtypes = pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=["float32", "float64"])


def normal(*shape, dtype=torch.float64, seed=0):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64).to(dtype)


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
