"""Requests to look at a mark again: a file that a student hands in beside the modules, a sentence an exercise."""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from pathlib import Path
from typing import Any

import tomlkit

from backpass.course.words import plain_text

REQUESTS = "regrade-requests.toml"
MAX_REQUESTS = 64 << 10  # bytes of the file that are read
_MOST = 2_000  # characters of a sentence


def read_requests(content: bytes, known: Collection[str]) -> dict[str, str]:
    """Exercise to sentence, of `known` exercises; ValueError where the file is not what `add_request` writes."""
    try:
        table: dict[str, Any] = tomllib.loads(content.decode("utf-8")).get("requests", {})
        return {name: plain_text(str(sentence), _MOST) for name, sentence in table.items() if name in known}
    except (ValueError, AttributeError, RecursionError) as error:
        raise ValueError(f"it is no list of requests ({type(error).__name__})") from None


def add_request(folder: Path, exercise: str, sentence: str) -> Path:
    """Put a request into the file in `folder`, in the place of an earlier one; ValueError where it cannot be read."""
    path = folder / REQUESTS
    data = tomlkit.parse(path.read_text(encoding="utf-8")) if path.is_file() else tomlkit.document()
    requests: Any = data.setdefault("requests", tomlkit.table())
    requests[exercise] = sentence
    path.write_text(tomlkit.dumps(data), encoding="utf-8")
    return path
