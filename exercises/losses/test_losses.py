"""Public checks of the unit losses: `pytest exercises/losses`."""

from torch import float64, tensor

from backpass.judging.assertions import agree, has_finite_gradients, leaves_inputs_alone
from backpass.judging.cases import example
from backpass.judging.checks import check


@check(
    "losses.mse_loss",
    example(pred=tensor([[1.0, 2.0], [3.0, 5.0]]), target=tensor([[0.0, 2.0], [5.0, 4.0]]), returns=tensor(1.5)),
    example(
        pred=tensor([[0.5, -1.0], [2.0, 3.0], [-4.0, 0.25]]),
        target=tensor([[1.5, 1.0], [2.25, -2.0], [-1.0, 1.75]]),
        returns=tensor(6.885417),
    ),
    example(pred=tensor([2.0, -1.0, 0.5]), target=tensor([1.0, 3.0, 0.25]), returns=tensor(5.6875)),
)
def test_mse_loss_averages_the_squares(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "losses.mae_loss",
    example(pred=tensor([[1.0, 2.0], [3.0, 5.0]]), target=tensor([[0.0, 2.0], [5.0, 4.0]]), returns=tensor(1.0)),
    example(
        pred=tensor([[0.5, -1.0], [2.0, 3.0], [-4.0, 0.25]]),
        target=tensor([[1.5, 1.0], [2.25, -2.0], [-1.0, 1.75]]),
        returns=tensor(2.125),
    ),
    example(pred=tensor([2.0, -1.0, 0.5]), target=tensor([1.0, 3.0, 0.25]), returns=tensor(1.75)),
)
def test_mae_loss_averages_the_sizes(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "losses.huber_loss",
    example(pred=tensor([1.0, -4.0]), target=tensor([0.0, 0.0]), delta=2.0, returns=tensor(3.25)),
    example(
        pred=tensor([[0.5, -1.0], [2.0, 3.0], [-4.0, 0.25]]),
        target=tensor([[1.5, 1.0], [2.25, -2.0], [-1.0, 1.75]]),
        delta=1.75,
        returns=tensor(2.427083),
    ),
    example(
        pred=tensor([[0.5, -1.0], [2.0, 3.0], [-4.0, 0.25]]),
        target=tensor([[1.5, 1.0], [2.25, -2.0], [-1.0, 1.75]]),
        delta=0.5,
        returns=tensor(0.942708),
    ),
)
def test_huber_loss_goes_over_into_a_line(student, cases):
    agree(student, cases)


@check(
    "losses.huber_loss",
    example(
        pred=tensor([[0.5, -1.0], [2.0, 3.0], [-4.0, 0.25]]),
        target=tensor([[1.5, 1.0], [2.25, -2.0], [-1.0, 1.75]]),
        returns=tensor(1.671875),
    ),
    example(pred=tensor([2.0, -1.0, 0.5]), target=tensor([1.0, 3.0, 0.25]), returns=tensor(1.34375)),
)
def test_huber_loss_has_a_delta_of_1(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


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
        logits=tensor([[800.0, 801.0], [-800.0, -801.0]], dtype=float64),
        returns=tensor([[-1.31326, -0.31326], [-0.31326, -1.31326]], dtype=float64),
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
    example(
        logits=tensor([[1000.0, -1000.0], [800.0, 801.0]], dtype=float64),
        labels=tensor([1, 0]),
        returns=tensor(1000.656631, dtype=float64),
    ),
    example(
        logits=tensor([[-900.0, -901.0], [3.0, 2.0]], dtype=float64),
        labels=tensor([0, 0]),
        returns=tensor(0.313262, dtype=float64),
    ),
)
def test_cross_entropy_prices_confident_mistakes(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "losses.binary_cross_entropy",
    example(prob=tensor([0.75, 0.5]), target=tensor([1.0, 0.0]), returns=tensor(0.490415)),
    example(
        prob=tensor([[0.9, 0.2], [0.4, 0.6], [0.1, 0.7]]),
        target=tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]),
        returns=tensor(0.668236),
    ),
    example(prob=tensor([0.3, 0.6]), target=tensor([0.25, 0.8]), returns=tensor(0.580209)),
)
def test_binary_cross_entropy_averages_both_classes(student, cases):
    agree(student, cases)


@check(
    "losses.binary_cross_entropy",
    example(prob=tensor([0.0, 1.0]), target=tensor([0.0, 1.0]), returns=tensor(0.0)),
    example(prob=tensor([0.0, 0.5]), target=tensor([1.0, 0.0]), returns=tensor(50.346574)),
    example(prob=tensor([1.0, 0.25]), target=tensor([0.5, 1.0]), returns=tensor(25.693147)),
)
def test_binary_cross_entropy_survives_certainty(student, cases):
    agree(student, cases)
    has_finite_gradients(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "losses.bce_with_logits",
    example(logits=tensor([1.098612, 0.0]), target=tensor([1.0, 0.0]), returns=tensor(0.490415)),
    example(
        logits=tensor([[0.5, -1.0], [2.0, 3.0], [-4.0, 0.25]]),
        target=tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]),
        returns=tensor(1.259491),
    ),
    example(logits=tensor([2.0, -1.0, 0.5]), target=tensor([0.25, 0.8, 0.5]), returns=tensor(1.154756)),
)
def test_bce_with_logits_takes_logits(student, cases):
    agree(student, cases)


@check(
    "losses.bce_with_logits",
    example(logits=tensor([1000.0, -1000.0]), target=tensor([0.0, 0.0]), returns=tensor(500.0)),
    example(logits=tensor([800.0, -900.0, 40.0]), target=tensor([1.0, 1.0, 0.0]), returns=tensor(313.333333)),
)
def test_bce_with_logits_survives_large_logits(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "losses.kl_divergence",
    example(p=tensor([[0.5, 0.5]]), q=tensor([[0.25, 0.75]]), returns=tensor(0.143841)),
    example(
        p=tensor([[0.5, 0.25, 0.25], [0.125, 0.125, 0.75]]),
        q=tensor([[0.25, 0.25, 0.5], [0.5, 0.25, 0.25]]),
        returns=tensor(0.368658),
    ),
    example(
        p=tensor([[0.25, 0.25, 0.5], [0.5, 0.25, 0.25]]),
        q=tensor([[0.5, 0.25, 0.25], [0.125, 0.125, 0.75]]),
        returns=tensor(0.382534),
    ),
)
def test_kl_divergence_averages_the_rows(student, cases):
    agree(student, cases)


@check(
    "losses.kl_divergence",
    example(p=tensor([[1.0, 0.0]]), q=tensor([[0.5, 0.5]]), returns=tensor(0.693147)),
    example(p=tensor([[0.5, 0.5]]), q=tensor([[1.0, 0.0]]), returns=tensor(float("inf"))),
    example(
        p=tensor([[0.0, 1.0, 0.0], [0.5, 0.25, 0.25]]),
        q=tensor([[0.0, 0.75, 0.25], [0.5, 0.25, 0.25]]),
        returns=tensor(0.143841),
    ),
)
def test_kl_divergence_knows_what_is_impossible(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "losses.weighted_cross_entropy",
    example(
        logits=tensor([[0.0, 1.098612], [0.0, 0.0]]),
        labels=tensor([0, 1]),
        weight=tensor([3.0, 1.0]),
        returns=tensor(1.213007),
    ),
    example(
        logits=tensor([[1.0, 2.0, 0.5], [-1.0, 0.0, 3.0], [0.5, 0.5, -2.0], [1.0, -1.0, 0.0]]),
        labels=tensor([2, 2, 0, 1]),
        weight=tensor([0.5, 2.0, 3.0]),
        returns=tensor(1.326195),
    ),
    example(
        logits=tensor([[1.0, 2.0, 0.5], [-1.0, 0.0, 3.0], [0.5, 0.5, -2.0], [1.0, -1.0, 0.0]]),
        labels=tensor([2, 2, 0, 1]),
        weight=tensor([5.0, 5.0, 5.0]),
        returns=tensor(1.292807),
    ),
)
def test_weighted_cross_entropy_weighs_the_classes(student, cases):
    agree(student, cases)


@check(
    "losses.weighted_cross_entropy",
    example(
        logits=tensor([[1000.0, -1000.0], [800.0, 801.0]], dtype=float64),
        labels=tensor([1, 0]),
        weight=tensor([1.0, 3.0], dtype=float64),
        returns=tensor(1500.328315, dtype=float64),
    ),
)
def test_weighted_cross_entropy_prices_confident_mistakes(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "losses.class_weights",
    example(labels=tensor([0, 0, 0, 1]), num_classes=2, returns=tensor([0.666667, 2.0])),
    example(labels=tensor([2, 0, 2, 2, 1, 2]), num_classes=3, returns=tensor([2.0, 2.0, 0.5])),
)
def test_class_weights_makes_rare_classes_count(student, cases):
    agree(student, cases)


@check(
    "losses.class_weights",
    example(labels=tensor([0, 0, 0, 1]), num_classes=3, returns=tensor([0.444444, 1.333333, 0.0])),
    example(labels=tensor([3, 1, 3]), num_classes=5, returns=tensor([0.0, 0.6, 0.0, 0.3, 0.0])),
)
def test_class_weights_gives_0_to_absent_classes(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "losses.focal_loss",
    example(logits=tensor([[0.0, 1.098612]]), labels=tensor([1]), returns=tensor(0.01798)),
    example(
        logits=tensor([[1.0, 2.0, 0.5], [-1.0, 0.0, 3.0], [0.5, 0.5, -2.0], [1.0, -1.0, 0.0]]),
        labels=tensor([2, 2, 0, 1]),
        gamma=3.0,
        returns=tensor(0.791367),
    ),
    example(
        logits=tensor([[1.0, 2.0, 0.5], [-1.0, 0.0, 3.0], [0.5, 0.5, -2.0], [1.0, -1.0, 0.0]]),
        labels=tensor([2, 2, 0, 1]),
        gamma=0.0,
        returns=tensor(1.292807),
    ),
    example(
        logits=tensor([[1.0, 2.0, 0.5], [-1.0, 0.0, 3.0], [0.5, 0.5, -2.0], [1.0, -1.0, 0.0]]),
        labels=tensor([2, 2, 0, 1]),
        gamma=0.5,
        returns=tensor(1.165856),
    ),
)
def test_focal_loss_looks_away_from_easy_samples(student, cases):
    agree(student, cases)


@check(
    "losses.focal_loss",
    example(
        logits=tensor([[1000.0, -1000.0], [800.0, 801.0]], dtype=float64),
        labels=tensor([1, 0]),
        returns=tensor(1000.350934, dtype=float64),
    ),
)
def test_focal_loss_prices_confident_mistakes(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)
