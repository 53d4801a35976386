"""A course of one's own: a small one that works, of another field, to be replaced piece by piece."""

from __future__ import annotations

import shutil
import tempfile
from importlib.metadata import version
from pathlib import Path

from backpass.authoring.derived import write_derived_files
from backpass.course.editions import requirements
from backpass.course.manifest import Course, CourseError

_TEMPLATE = Path(__file__).parent / "templates" / "course"


def new_course(destination: Path) -> Course:
    """Write the course to `destination`, which must be empty or not there: all of it, or nothing."""
    if destination.exists() and (not destination.is_dir() or any(destination.iterdir())):
        raise CourseError(f"{destination} is not empty: a course goes into a folder of its own.")
    destination.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=destination.parent) as folder:
        begun = Path(folder) / "course"
        shutil.copytree(_TEMPLATE, begun, ignore=shutil.ignore_patterns("__pycache__"))
        (begun / "gitignore").rename(begun / ".gitignore")
        (begun / "constraints.txt").write_text(_constraints(), encoding="utf-8")
        list(write_derived_files(Course.load(begun)))
        begun.replace(destination)
    return Course.load(destination)


def _constraints() -> str:
    """The versions of what the kit needs, as they are installed here."""
    names = [requirement.partition(">=")[0] for requirement in requirements()]
    return "".join(f"{name}=={version(name).partition('+')[0]}\n" for name in names)
