"""K-means. Fill in the functions below and check them with `pytest exercises/clustering`.

Results keep the dtype of the points; inputs are never modified and nothing is printed.
"""

import torch


def assign_clusters(points: torch.Tensor, centroids: torch.Tensor) -> torch.Tensor:
    """Give each point the label of its nearest centroid.

        label_n = argmin_k ||point_n - centroid_k||^2

    Args:
        points: float32 or float64, of shape (N, D).
        centroids: of the same dtype, of shape (K, D).

    Returns:
        The labels, int64, from 0 to K - 1, of shape (N,).

    Example:
        With centroids [0, 0] and [4, 0], the points [1, 1] and [3, 5] have the squared distances 2 and 10, and 34 and
        26. The labels are [0, 1].
    """
    raise NotImplementedError


def update_centroids(points: torch.Tensor, labels: torch.Tensor, centroids: torch.Tensor) -> torch.Tensor:
    """Move each centroid to the mean of the points that carry its label.

        new_k = mean of the points n with label_n = k        or centroid_k, where there is none

    Args:
        points: float32 or float64, of shape (N, D).
        labels: int64, from 0 to K - 1, of shape (N,).
        centroids: where they are now, of shape (K, D).

    Returns:
        The new centroids, of shape (K, D).

    Example:
        The points [0, 0] and [2, 4] with label 0 move centroid 0 to [1, 2]. No point has label 1: centroid 1 stays.
    """
    raise NotImplementedError


def inertia(points: torch.Tensor, centroids: torch.Tensor) -> torch.Tensor:
    """Add up the squared distances of all points from their nearest centroids.

        inertia = sum_n min_k ||point_n - centroid_k||^2

    Args:
        points: float32 or float64, of shape (N, D).
        centroids: of the same dtype, of shape (K, D).

    Returns:
        The sum, a 0-d tensor.

    Example:
        The two points of assign_clusters's example are 2 and 26 away from their nearest centroids: 28 together.
    """
    raise NotImplementedError
