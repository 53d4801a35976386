"""Hidden grader of the unit clustering."""

import torch
from hypothesis import strategies as st

from backpass.judging.cases import draw
from backpass.judging.kinds import forward, function, worth


def numbers(draw, shape, dtype):
    """Normal numbers, so that no two distances are the same."""
    generator = torch.Generator().manual_seed(draw(st.integers(0, 10_000)))
    return (3 * torch.randn(shape, generator=generator, dtype=torch.float64)).to(dtype)


@st.composite
def clouds(draw, dtype):
    """Points and centroids: sizes that differ from each other, in one dimension or more."""
    size = draw(st.integers(1, 4))
    shapes = {"points": (draw(st.integers(1, 9)), size), "centroids": (draw(st.integers(1, 5)), size)}
    return {name: numbers(draw, shape, dtype) for name, shape in shapes.items()}


@st.composite
def labelled(draw, dtype):
    """Any labels, not only those of the nearest centroids; some clusters are empty."""
    case = draw(clouds(dtype))
    label = st.integers(0, len(case["centroids"]) - 1)
    labels = [draw(label) for _ in case["points"]]
    return {"points": case["points"], "labels": torch.tensor(labels), "centroids": case["centroids"]}


test_assign_clusters = function(
    "clustering.assign_clusters",
    values=worth(9, draw(clouds, count=20)),
)

test_update_centroids = function(
    "clustering.update_centroids",
    values=worth(9, draw(labelled, count=20)),
)

test_inertia = forward(
    "clustering.inertia",
    values=worth(6, draw(clouds, count=20)),
    gradient=worth(3, draw(clouds, count=8, dtypes=(torch.float64,), gradient=True)),
)
