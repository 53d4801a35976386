"""The reference solutions of the unit diagnostics against torch, autograd and plain counting."""

import math

import pytest
import torch
from torch.nn.functional import cross_entropy

from solutions import diagnostics


@pytest.mark.parametrize("classes", [1, 2, 10, 1000])
def test_initial_loss_is_the_cross_entropy_of_equal_logits(classes):
    loss = cross_entropy(torch.zeros(1, classes, dtype=torch.float64), torch.tensor([classes - 1]))
    assert diagnostics.initial_loss(classes) == pytest.approx(loss.item())


def test_shares_and_confusion_count():
    generator = torch.Generator().manual_seed(0)
    pred, labels = (torch.randint(4, (50,), generator=generator) for _ in range(2))
    pairs = list(zip(pred.tolist(), labels.tolist(), strict=True))
    assert diagnostics.accuracy(pred, labels) == sum(a == b for a, b in pairs) / 50
    for each in range(4):
        of_the_class = [a for a, b in pairs if b == each]
        assert diagnostics.recall(pred, labels, each) == of_the_class.count(each) / len(of_the_class)
    assert diagnostics.recall(pred, labels, positive=4) == 0.0
    of_the_prediction = [b for a, b in pairs if a == 2]
    assert diagnostics.precision(pred, labels, 2) == of_the_prediction.count(2) / len(of_the_prediction)
    assert diagnostics.precision(pred, labels, positive=4) == 0.0
    counts = [[pairs.count((p, t)) for p in range(5)] for t in range(5)]
    assert diagnostics.confusion_matrix(pred, labels, 5).tolist() == counts


@pytest.mark.parametrize(
    ("grad", "verdict"),
    [
        ([0.0, 0.0], "vanishing"),
        ([4e3, -4e3], "exploding"),
        ([1.0, -1.0], "healthy"),
        ([1.0, math.nan], "exploding"),
        ([math.inf, 1.0], "exploding"),
    ],
)
def test_gradient_report_has_a_verdict(grad, verdict):
    assert diagnostics.gradient_report({"w": torch.tensor(grad)})["w"][1] == verdict


def test_the_gradients_of_overfit_one_batch_are_autograds():
    generator = torch.Generator().manual_seed(1)
    x = torch.randn(8, 5, generator=generator, dtype=torch.float64)
    labels = torch.arange(8) % 3
    params = [tensor for fans in ((5, 7), (7, 3)) for tensor in diagnostics._layer(*fans, x, generator)]
    loss, grads = diagnostics._loss_and_grads(x, labels, *params)
    w1, b1, w2, b2 = (param.requires_grad_() for param in params)
    expected = cross_entropy(torch.relu(x @ w1.T + b1) @ w2.T + b2, labels)
    torch.testing.assert_close(loss, expected)
    torch.testing.assert_close(list(grads), list(torch.autograd.grad(expected, params)))


def test_overfit_one_batch_leaves_its_inputs_alone_and_learns():
    x, labels = torch.randn(8, 6, generator=torch.Generator().manual_seed(2)), torch.arange(8) % 2
    before = x.clone()
    losses = diagnostics.overfit_one_batch(x, labels, 32, 0.02, 300, torch.Generator().manual_seed(3))
    assert torch.equal(x, before)
    assert losses[0] < math.log(2) + 1
    assert losses[-1] < 0.01
