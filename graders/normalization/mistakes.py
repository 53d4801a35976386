"""What rows of the catalogue of the unit normalization have in common."""


def norm(x, dim, eps):
    """Mean 0 and variance 1 along a dimension, or several."""
    return (x - x.mean(dim, keepdim=True)) / (x.var(dim, correction=0, keepdim=True) + eps).sqrt()
