"""Public checks of the unit losses: `pytest exercises/losses`."""

from torch import tensor

from backpass.cases import example
from backpass.checks import agree, check, leaves_inputs_alone


@check(
    "losses.softmax",
    example(logits=tensor([0.0, 0.693147, 1.098612]), returns=tensor([0.166667, 0.333333, 0.5])),
    example(
        logits=tensor([[1.0, 2.0, 0.5], [-1.0, 0.0, 3.0]]),
        returns=tensor([[0.231224, 0.628532, 0.140244], [0.017148, 0.046613, 0.936239]]),
    ),
    example(
        logits=tensor([[[0.0, 2.0]], [[-1.5, 1.0]]]),
        returns=tensor([[[0.119203, 0.880797]], [[0.075858, 0.924142]]]),
    ),
)
def test_softmax_turns_scores_into_probabilities(student, cases):
    agree(student, cases)


@check(
    "losses.softmax",
    example(
        logits=tensor([[800.0, 801.0], [-800.0, -801.0]]),
        returns=tensor([[0.268941, 0.731059], [0.731059, 0.268941]]),
    ),
    example(logits=tensor([[1000.0, -1000.0, 999.0]]), returns=tensor([[0.731059, 0.0, 0.268941]])),
)
def test_softmax_survives_large_scores(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "losses.log_softmax",
    example(logits=tensor([0.0, 0.693147, 1.098612]), returns=tensor([-1.791759, -1.098612, -0.693147])),
    example(
        logits=tensor([[1.0, 2.0, 0.5], [-1.0, 0.0, 3.0]]),
        returns=tensor([[-1.464369, -0.464369, -1.964369], [-4.065884, -3.065884, -0.065884]]),
    ),
    example(
        logits=tensor([[[0.0, 2.0]], [[-1.5, 1.0]]]),
        returns=tensor([[[-2.126928, -0.126928]], [[-2.578889, -0.078889]]]),
    ),
)
def test_log_softmax_takes_the_logarithm(student, cases):
    agree(student, cases)


@check(
    "losses.log_softmax",
    example(
        logits=tensor([[800.0, 801.0], [-800.0, -801.0]]),
        returns=tensor([[-1.31326, -0.31326], [-0.31326, -1.31326]]),
    ),
    example(logits=tensor([[1000.0, -1000.0, 0.0]]), returns=tensor([[0.0, -2000.0, -1000.0]])),
)
def test_log_softmax_keeps_what_probabilities_lose(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "losses.cross_entropy",
    example(logits=tensor([[0.0, 1.098612], [0.0, 0.0]]), labels=tensor([0, 1]), returns=tensor(1.039721)),
    example(
        logits=tensor([[1.0, 2.0, 0.5], [-1.0, 0.0, 3.0], [0.5, 0.5, -2.0], [1.0, -1.0, 0.0]]),
        labels=tensor([2, 2, 0, 1]),
        returns=tensor(1.292807),
    ),
    example(logits=tensor([[2.0, 1.0, 0.1]]), labels=tensor([1]), returns=tensor(1.41703)),
)
def test_cross_entropy_averages_over_the_batch(student, cases):
    agree(student, cases)


@check(
    "losses.cross_entropy",
    example(logits=tensor([[1000.0, -1000.0], [800.0, 801.0]]), labels=tensor([1, 0]), returns=tensor(1000.656616)),
    example(logits=tensor([[-900.0, -901.0], [3.0, 2.0]]), labels=tensor([0, 0]), returns=tensor(0.313262)),
)
def test_cross_entropy_prices_confident_mistakes(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)
