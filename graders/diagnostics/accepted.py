"""Other right answers of the unit diagnostics, each with what to say of its convention."""

import math

from backpass.judging.variants import accepted


def _report(grads, low, high, size=lambda grad: grad.abs().mean().item()):
    def entry(grad):
        number = size(grad)
        if not bool(grad.isfinite().all()) or number > high:
            return number, "exploding"
        return number, "vanishing" if number < low else "healthy"

    return {name: entry(grad) for name, grad in grads.items()}


@accepted("diagnostics.gradient_report")
def infinite_size_where_broken(grads, low=1e-6, high=1e3):
    """Where an entry is not finite, your size is infinite."""
    return _report(grads, low, high, lambda g: g.abs().mean().item() if bool(g.isfinite().all()) else math.inf)


@accepted("diagnostics.gradient_report")
def nan_where_broken(grads, low=1e-6, high=1e3):
    """Where an entry is not finite, your size is NaN."""
    return _report(grads, low, high, lambda g: g.abs().mean().item() if bool(g.isfinite().all()) else math.nan)
