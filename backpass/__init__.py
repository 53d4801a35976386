"""backpass: an auto-graded course on how neural networks learn."""

from typing import Any

__version__ = "0.1.0"


def load_ipython_extension(shell: Any) -> None:
    """What `%load_ext backpass` calls in a notebook."""
    from backpass.studying.magic import load

    load(shell)
