"""What marks depend on beside the submission: the course, the kit, the libraries, and where code runs."""

from __future__ import annotations

import hashlib
import json
import platform
from importlib.metadata import version
from typing import Any

from backpass.course.hashes import KIT, files_of, hash_of
from backpass.course.manifest import MANIFEST, Course
from backpass.worker.warm import CGROUP

_FOLDERS = ("graders", "solutions")
_LIBRARIES = ("torch", "numpy", "hypothesis")


def grading_hash(course: Course, devices: tuple[str, ...], isolation: str, layers: tuple[str, ...]) -> str:
    """SHA-256 of all of it: results with the same one, of the same submission, need not be made again."""
    return hashlib.sha256(json.dumps(basis(course, devices, isolation, layers), sort_keys=True).encode()).hexdigest()


def basis(course: Course, devices: tuple[str, ...], isolation: str, layers: tuple[str, ...]) -> dict[str, Any]:
    """All of it: files by their hashes, and versions."""
    files = [course.root / MANIFEST, *(file for name in _FOLDERS for file in files_of(course.root / name))]
    return {
        "course": {file.relative_to(course.root).as_posix(): hash_of(file) for file in files},
        "kit": {file.relative_to(KIT).as_posix(): hash_of(file) for file in files_of(KIT)},
        "libraries": {name: version(name) for name in _LIBRARIES},
        "hide_expected": course.hide_expected,
        "asked": {id: exercise.points for id, exercise in course.exercises.items()},
        "python": platform.python_version(),
        "device": devices,
        "isolation": isolation,
        # A group of the kernel's protects the machine: no submission that its own limits let live is graded otherwise.
        "layers": tuple(layer for layer in layers if layer != CGROUP),
    }


def differences(there: dict[str, Any], here: dict[str, Any]) -> list[str]:
    """How what marks depend on differs on another machine, in words."""
    found = []
    for part, name in (("course", "the course"), ("kit", "the kit")):
        files = sorted(file for file, _ in there[part].items() ^ here[part].items())
        if files := list(dict.fromkeys(files)):
            others = f" and {len(files) - 1} more" if len(files) > 1 else ""
            found.append(f"{name} is another one ({files[0]}{others})")
    ours, theirs = _in_words(here), _in_words(there)
    return found + [
        f"{name} is {theirs.get(name)} and not {ours[name]}" for name in ours if theirs.get(name) != ours[name]
    ]


def _in_words(basis: dict[str, Any]) -> dict[str, str]:
    confinement = f"{basis['isolation']} ({', '.join(basis['layers'])})"
    return {"Python": basis["python"], **basis["libraries"], "confinement": confinement}
