"""What tests of the reference solutions hold numbers against each other with."""

import pytest
import torch
from hypothesis import settings

both_dtypes = pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=["float32", "float64"])
searched = settings(deadline=None, derandomize=True, max_examples=50)


def close(actual, expected, tolerance=None):
    """Same shape and numbers; the reference may be a float64 array while `actual` is float32.

    16 units in the last place, unless told otherwise: a handful of roundings, in sums of up to ten terms of order 1.
    The same number is the absolute tolerance, for results such as p - 1 that are a small difference of such terms.
    """
    tolerance = 16 * torch.finfo(actual.dtype).eps if tolerance is None else tolerance
    expected = torch.as_tensor(expected, dtype=torch.float64).detach()
    torch.testing.assert_close(actual.detach().double(), expected, rtol=tolerance, atol=tolerance)


def normal(*shape, dtype=torch.float64, seed=0):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64).to(dtype)
