"""Reference solutions of the unit clustering."""

import torch
from torch import Tensor


def _squared_distances(points: Tensor, centroids: Tensor) -> Tensor:
    """Of every point from every centroid, (N, K)."""
    return ((points.unsqueeze(1) - centroids) ** 2).sum(-1)


def assign_clusters(points: Tensor, centroids: Tensor) -> Tensor:
    """The label of the nearest centroid for each point, int64 (N,)."""
    return _squared_distances(points, centroids).argmin(1)


def update_centroids(points: Tensor, labels: Tensor, centroids: Tensor) -> Tensor:
    """The mean of the points of each cluster, (K, D)."""
    belongs = labels == torch.arange(len(centroids), device=labels.device).unsqueeze(1)
    counts = belongs.sum(1, keepdim=True)
    # An empty cluster has no mean: dividing by at least 1 keeps NaN out, and the choice keeps the old centroid.
    means = belongs.to(points.dtype) @ points / counts.clamp(min=1)
    return torch.where(counts > 0, means, centroids)


def inertia(points: Tensor, centroids: Tensor) -> Tensor:
    """The sum of the squared distances from the nearest centroids, 0-d."""
    return _squared_distances(points, centroids).amin(1).sum()
