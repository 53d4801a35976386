"""Values of Hypothesis strategies, drawn with a fixed seed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

if TYPE_CHECKING:  # public checks draw nothing, and do not wait for it
    from hypothesis.strategies import SearchStrategy


def draw_values(strategy: SearchStrategy[Any], count: int) -> list[Any]:
    """`count` values of a strategy: the same ones in every run, whatever else is imported."""
    from hypothesis import HealthCheck, Phase, given, seed, settings

    drawn: list[Any] = []

    @seed(20_260_101)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(value: Any) -> None:
        drawn.append(value)

    with no_constants_of_modules():
        collect()
    return drawn[:count]


@contextmanager
def no_constants_of_modules() -> Iterator[None]:
    """Hypothesis draws constants of the modules that are imported at the time, too: cases would differ by command."""
    from hypothesis.internal.conjecture import providers

    if not hasattr(providers, "_get_local_constants"):  # of versions that do not
        yield
        return
    providers.CONSTANTS_CACHE.cache.clear()
    nothing = type(providers.GLOBAL_CONSTANTS)
    with patch.object(providers, "_get_local_constants", nothing):
        yield
    providers.CONSTANTS_CACHE.cache.clear()
