"""The reference solutions of regularization against independent oracles: torch's own functions, and autograd."""

import pytest
import torch

from solutions import regularization


def normal(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def test_penalties_are_norms():
    weights = [normal(3, 4), normal(5, seed=1)]
    flat = torch.cat([weight.reshape(-1) for weight in weights])
    torch.testing.assert_close(regularization.l1_penalty(weights, 0.3), 0.3 * flat.norm(1))
    torch.testing.assert_close(regularization.l2_penalty(weights, 0.3), 0.3 * flat.norm(2) ** 2)


def test_dropout_backward_is_the_gradient_of_dropout():
    x, grad_out = normal(4, 5).requires_grad_(), normal(4, 5, seed=1)
    y, mask = regularization.dropout(x, 0.3, torch.Generator().manual_seed(2))
    (grad,) = torch.autograd.grad(y, [x], grad_out)
    torch.testing.assert_close(regularization.dropout_backward(grad_out, mask, 0.3), grad)


@pytest.mark.parametrize("smoothing", [0.0, 0.1, 0.7, 1.0])
def test_cross_entropy_with_smoothed_labels_is_torchs(smoothing):
    logits, labels = normal(6, 4).float(), torch.tensor([0, 3, 1, 1, 2, 0])
    targets = regularization.label_smoothing(labels, 4, smoothing)
    expected = torch.nn.functional.cross_entropy(logits, labels, label_smoothing=smoothing)
    torch.testing.assert_close(torch.nn.functional.cross_entropy(logits, targets), expected)


def test_cutmix_follows_the_pixels():
    """With images that are their own targets everywhere, the mean over all pixels is the blended target."""
    targets, permutation = normal(5, 3), torch.tensor([2, 0, 1, 4, 3])
    images = targets[:, :, None, None].expand(5, 3, 4, 6)
    x, blended = regularization.cutmix(images, targets, (1, 2, 3, 2), permutation)
    torch.testing.assert_close(x.mean((2, 3)), blended)
