"""What files hold, in a word."""

from __future__ import annotations

import hashlib
from pathlib import Path

KIT = Path(__file__).resolve().parents[1]


def files_of(folder: Path, pattern: str = "*") -> list[Path]:
    """The files of a folder and of those in it, in order; without what Python keeps of them."""
    return sorted(file for file in folder.rglob(pattern) if file.is_file() and "__pycache__" not in file.parts)


def hash_of(file: Path) -> str:
    """SHA-256 of what a file holds."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
