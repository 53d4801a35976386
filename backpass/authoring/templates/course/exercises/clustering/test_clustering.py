"""Public checks of the unit clustering: `pytest exercises/clustering`."""

from torch import float64, tensor

from backpass.judging.assertions import agree, leaves_inputs_alone
from backpass.judging.cases import example
from backpass.judging.checks import check


@check(
    "clustering.assign_clusters",
    example(
        points=tensor([[1.0, 1.0], [3.0, 5.0]]),
        centroids=tensor([[0.0, 0.0], [4.0, 0.0]]),
        returns=tensor([0, 1]),
    ),
    example(
        points=tensor([[2.0], [-3.0], [0.5], [9.0]], dtype=float64),
        centroids=tensor([[8.0], [-1.0], [2.0]], dtype=float64),
        returns=tensor([2, 1, 1, 0]),
    ),
    example(
        points=tensor([[0.0, 3.0], [2.5, 2.5], [-1.0, 0.0]]),
        centroids=tensor([[0.0, 0.0], [3.0, 3.0], [0.0, 4.5], [-6.0, 0.0]]),
        returns=tensor([2, 1, 0]),
    ),
)
def test_assign_clusters_finds_the_nearest(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "clustering.update_centroids",
    example(
        points=tensor([[0.0, 0.0], [2.0, 4.0]]),
        labels=tensor([0, 0]),
        centroids=tensor([[1.0, 1.0], [5.0, -5.0]]),
        returns=tensor([[1.0, 2.0], [5.0, -5.0]]),
    ),
    example(
        points=tensor([[1.0, 2.0], [3.0, -2.0], [0.5, 0.5], [-4.0, 1.0]]),
        labels=tensor([1, 0, 1, 1]),
        centroids=tensor([[3.0, 0.0], [0.0, 0.0]]),
        returns=tensor([[3.0, -2.0], [-0.833333, 1.166667]]),
    ),
)
def test_update_centroids_goes_to_the_mean(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "clustering.inertia",
    example(
        points=tensor([[1.0, 1.0], [3.0, 5.0]]),
        centroids=tensor([[0.0, 0.0], [4.0, 0.0]]),
        returns=tensor(28.0),
    ),
    example(
        points=tensor([[0.0, 3.0], [2.5, 2.5], [-1.0, 0.0]]),
        centroids=tensor([[0.0, 0.0], [3.0, 3.0], [0.0, 4.5], [-6.0, 0.0]]),
        returns=tensor(3.75),
    ),
)
def test_inertia_adds_up_what_is_left(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)
