"""Public checks of the unit normalization: `pytest exercises/normalization`."""

from torch import tensor

from backpass.judging.assertions import agree, leaves_inputs_alone
from backpass.judging.cases import example
from backpass.judging.checks import check


@check(
    "normalization.batch_norm_train",
    example(
        x=tensor([[1.0], [3.0]]),
        gamma=tensor([2.0]),
        beta=tensor([0.5]),
        running_mean=tensor([0.0]),
        running_var=tensor([1.0]),
        returns=(tensor([[-1.49999], [2.49999]]), tensor([0.2]), tensor([1.1])),
    ),
    example(
        x=tensor([[1.0, -2.0], [3.0, 0.0], [2.0, 4.0], [6.0, 2.0]]),
        gamma=tensor([2.0, 0.5]),
        beta=tensor([0.5, -1.0]),
        running_mean=tensor([1.0, -1.0]),
        running_var=tensor([2.0, 0.5]),
        momentum=0.25,
        eps=0.5,
        returns=(
            tensor([[-1.5, -1.639602], [0.5, -1.213201], [-0.5, -0.360398], [3.5, -0.786799]]),
            tensor([1.5, -0.5]),
            tensor([2.666667, 2.041667]),
        ),
    ),
    example(
        x=tensor([[1.0, -2.0], [3.0, 0.0], [-4.0, 5.0]]),
        gamma=tensor([1.0, -1.5]),
        beta=tensor([0.0, 2.0]),
        running_mean=tensor([1.0, -1.0]),
        running_var=tensor([2.0, 0.5]),
        momentum=0.8,
        eps=0.1,
        returns=(
            tensor([[0.33774, 3.519831], [1.013221, 2.50661], [-1.350961, -0.026441]]),
            tensor([0.2, 0.6]),
            tensor([10.8, 10.5]),
        ),
    ),
)
def test_batch_norm_train_normalizes_each_feature(student, cases):
    agree(student, cases)


@check(
    "normalization.batch_norm_train",
    example(
        x=tensor([[0.0, 1.0], [0.0, -3.0], [0.0, 0.5]]),
        gamma=tensor([2.0, 0.5]),
        beta=tensor([0.5, -1.0]),
        running_mean=tensor([1.0, -1.0]),
        running_var=tensor([2.0, 0.5]),
        returns=(
            tensor([[0.5, -0.578537], [0.5, -1.702438], [0.5, -0.719025]]),
            tensor([0.9, -0.95]),
            tensor([1.8, 0.925]),
        ),
    ),
    example(
        x=tensor([[0.001, 0.002], [0.004, -0.002]]),
        gamma=tensor([2.0, 0.5]),
        beta=tensor([0.5, -1.0]),
        running_mean=tensor([1.0, -1.0]),
        running_var=tensor([2.0, 0.5]),
        returns=(
            tensor([[-0.357143, -0.732739], [1.357143, -1.267261]]),
            tensor([0.90025, -0.9]),
            tensor([1.8, 0.450001]),
        ),
    ),
)
def test_batch_norm_train_survives_features_that_do_not_vary(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "normalization.batch_norm_eval",
    example(
        x=tensor([[3.0]]),
        gamma=tensor([2.0]),
        beta=tensor([0.5]),
        running_mean=tensor([1.0]),
        running_var=tensor([4.0]),
        eps=0.0,
        returns=tensor([[2.5]]),
    ),
    example(
        x=tensor([[1.0, -2.0], [3.0, 0.0], [2.0, 4.0], [6.0, 2.0]]),
        gamma=tensor([2.0, 0.5]),
        beta=tensor([0.5, -1.0]),
        running_mean=tensor([1.0, -1.0]),
        running_var=tensor([2.0, 0.5]),
        eps=0.5,
        returns=tensor([[0.5, -1.5], [3.029822, -0.5], [1.764911, 1.5], [6.824555, 0.5]]),
    ),
    example(
        x=tensor([[1.0, -2.0]]),
        gamma=tensor([2.0, 0.5]),
        beta=tensor([0.5, -1.0]),
        running_mean=tensor([1.0, -1.0]),
        running_var=tensor([0.0, 2e-05]),
        returns=tensor([[0.5, -92.287093]]),
    ),
)
def test_batch_norm_eval_uses_the_running_statistics(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "normalization.batch_norm_backward",
    example(
        grad_out=tensor([[3.0], [0.0], [0.0]]),
        x=tensor([[-1.0], [0.0], [1.0]]),
        gamma=tensor([1.0]),
        eps=0.333333,
        returns=(tensor([[1.0], [-1.0], [0.0]]), tensor([-3.000001]), tensor([3.0])),
    ),
    example(
        grad_out=tensor([[0.5, -1.0], [1.0, 0.25], [-0.5, 2.0], [0.75, 0.0]]),
        x=tensor([[1.0, -2.0], [3.0, 0.0], [2.0, 4.0], [6.0, 2.0]]),
        gamma=tensor([2.0, 0.5]),
        eps=0.5,
        returns=(
            tensor([[0.28125, -0.025439], [0.5625, 0.071471], [-0.828125, 0.105389], [-0.015625, -0.151421]]),
            tensor([0.875, 3.731013]),
            tensor([1.75, 1.25]),
        ),
    ),
    example(
        grad_out=tensor([[0.5, -1.0], [1.0, 0.25], [-0.5, 2.0]]),
        x=tensor([[1.0, -2.0], [3.0, 0.0], [-4.0, 5.0]]),
        gamma=tensor([-1.5, 2.0]),
        returns=(
            tensor([[0.022863, -0.119761], [-0.016331, 0.167664], [-0.006532, -0.047903]]),
            tensor([1.868256, 3.651591]),
            tensor([1.0, 1.25]),
        ),
    ),
)
def test_batch_norm_backward_takes_all_three_ways(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "normalization.layer_norm",
    example(
        x=tensor([1.0, 3.0]), gamma=tensor([2.0, 2.0]), beta=tensor([0.5, 0.0]), eps=0.0, returns=tensor([-1.5, 2.0])
    ),
    example(
        x=tensor([[1.0, -2.0], [3.0, 0.0], [2.0, 4.0], [6.0, 2.0]]),
        gamma=tensor([2.0, 0.5]),
        beta=tensor([0.5, -1.0]),
        eps=0.5,
        returns=tensor([[2.309068, -1.452267], [2.309068, -1.452267], [-1.132993, -0.591752], [2.385618, -1.471405]]),
    ),
    example(
        x=tensor([[[1.0, 3.0, -2.0], [0.0, 0.5, 1.0]], [[4.0, -1.0, 2.0], [2.0, 2.0, 3.0]]]),
        gamma=tensor([2.0, 0.5, -1.0]),
        beta=tensor([0.0, 1.0, 0.5]),
        eps=0.1,
        returns=tensor(
            [
                [[0.320668, 1.561168, 1.782671], [-1.936492, 1.0, -0.468246]],
                [[2.244674, 0.358665, 0.339666], [-1.17444, 0.70639, -0.67444]],
            ]
        ),
    ),
)
def test_layer_norm_normalizes_each_row(student, cases):
    agree(student, cases)


@check(
    "normalization.layer_norm",
    example(
        x=tensor([[0.0, 0.0, 0.0], [0.001, 0.004, -0.002]]),
        gamma=tensor([2.0, 0.5, -1.0]),
        beta=tensor([0.0, 1.0, 0.5]),
        returns=tensor([[0.0, 1.0, 0.5], [0.0, 1.375, 1.25]]),
    ),
)
def test_layer_norm_survives_a_row_of_zeros(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "normalization.rms_norm",
    example(x=tensor([1.0, 7.0]), gamma=tensor([1.0, 2.0]), eps=0.0, returns=tensor([0.2, 2.8])),
    example(
        x=tensor([[1.0, -2.0], [3.0, 0.0], [2.0, 4.0], [6.0, 2.0]]),
        gamma=tensor([2.0, 0.5]),
        eps=0.5,
        returns=tensor([[1.154701, -0.57735], [2.683282, 0.0], [1.234427, 0.617213], [2.650357, 0.220863]]),
    ),
    example(
        x=tensor([[[1.0, 3.0, -2.0], [0.0, 0.5, 1.0]], [[4.0, -1.0, 2.0], [2.0, 2.0, 3.0]]]),
        gamma=tensor([2.0, 0.5, -1.0]),
        eps=0.1,
        returns=tensor(
            [
                [[0.916057, 0.687043, 0.916057], [0.0, 0.347804, -1.391217]],
                [[3.002347, -0.187647, -0.750587], [1.665703, 0.416426, -1.249277]],
            ]
        ),
    ),
)
def test_rms_norm_scales_each_row(student, cases):
    agree(student, cases)


@check(
    "normalization.rms_norm",
    example(
        x=tensor([[0.0, 0.0, 0.0], [0.001, 0.004, -0.002]]),
        gamma=tensor([2.0, 0.5, -1.0]),
        returns=tensor([[0.0, 0.0, 0.0], [0.707107, 0.707107, 0.707107]]),
    ),
)
def test_rms_norm_survives_zeros(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "normalization.group_norm",
    example(
        x=tensor([[[1.0], [3.0], [0.0], [4.0]]]),
        num_groups=2,
        gamma=tensor([1.0, 1.0, 1.0, 1.0]),
        beta=tensor([0.0, 0.0, 0.0, 0.0]),
        eps=0.0,
        returns=tensor([[[-1.0], [1.0], [-1.0], [1.0]]]),
    ),
    example(
        x=tensor(
            [[[1.0, 2.0], [3.0, 0.0], [0.0, -1.0], [4.0, 2.0]], [[0.5, 0.5], [-2.0, 1.0], [3.0, 3.0], [1.0, -1.0]]]
        ),
        num_groups=2,
        gamma=tensor([1.0, 2.0, -1.0, 0.5]),
        beta=tensor([0.0, 0.5, 1.0, -0.5]),
        eps=0.5,
        returns=tensor(
            [
                [[-0.377964, 0.377964], [2.767787, -1.767787], [1.610847, 2.099525], [0.171932, -0.316746]],
                [[0.365148, 0.365148], [-2.421187, 1.960593], [0.16795, 0.16795], [-0.638675, -1.193375]],
            ]
        ),
    ),
)
def test_group_norm_normalizes_each_group(student, cases):
    agree(student, cases)


@check(
    "normalization.group_norm",
    example(
        x=tensor(
            [[[1.0, 2.0], [3.0, 0.0], [0.0, -1.0], [4.0, 2.0]], [[0.5, 0.5], [-2.0, 1.0], [3.0, 3.0], [1.0, -1.0]]]
        ),
        num_groups=1,
        gamma=tensor([1.0, 2.0, -1.0, 0.5]),
        beta=tensor([0.0, 0.5, 1.0, -0.5]),
        eps=0.1,
        returns=tensor(
            [
                [[-0.233267, 0.388779], [2.521648, -1.210625], [1.855313, 2.477358], [0.316435, -0.305611]],
                [[-0.151446, -0.151446], [-2.831804, 0.802891], [-0.363011, -0.363011], [-0.424277, -1.03006]],
            ]
        ),
    ),
    example(
        x=tensor(
            [[[1.0, 2.0], [3.0, 0.0], [0.0, -1.0], [4.0, 2.0]], [[0.5, 0.5], [-2.0, 1.0], [3.0, 3.0], [1.0, -1.0]]]
        ),
        num_groups=4,
        gamma=tensor([1.0, 2.0, -1.0, 0.5]),
        beta=tensor([0.0, 0.5, 1.0, -0.5]),
        returns=tensor(
            [
                [[-0.99998, 0.99998], [2.499996, -1.499996], [2e-05, 1.99998], [-2e-06, -0.999998]],
                [[0.0, 0.0], [-1.499996, 2.499996], [1.0, 1.0], [-2e-06, -0.999998]],
            ]
        ),
    ),
)
def test_group_norm_from_one_group_to_one_channel_each(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)
