"""What marks depend on beside the submission: the course, the kit, the libraries, and where code runs."""

from __future__ import annotations

import hashlib
import json
import platform
from importlib.metadata import version
from pathlib import Path

from backpass.course import MANIFEST, Course

_FOLDERS = ("graders", "solutions")
_LIBRARIES = ("torch", "numpy", "hypothesis")
_KIT = Path(__file__).resolve().parent


def grading_hash(course: Course, devices: tuple[str, ...], isolation: str, layers: tuple[str, ...]) -> str:
    """SHA-256 of all of it: results with the same one, of the same submission, need not be made again."""
    files = [course.root / MANIFEST, *(file for name in _FOLDERS for file in _files(course.root / name))]
    parts = {
        "course": {file.relative_to(course.root).as_posix(): _hash(file) for file in files},
        "kit": {file.relative_to(_KIT).as_posix(): _hash(file) for file in _files(_KIT)},
        "libraries": {name: version(name) for name in _LIBRARIES},
        "python": platform.python_version(),
        "device": devices,
        "isolation": isolation,
        "layers": layers,
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.is_file() and "__pycache__" not in file.parts)


def _hash(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
