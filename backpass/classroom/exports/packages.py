"""What is handed to other platforms: Gradescope's autograder, and repositories for students with checks in CI."""

from __future__ import annotations

import json
import zipfile
from enum import StrEnum
from pathlib import Path

import tomlkit

from backpass.classroom.exports.autograder import SETTINGS
from backpass.classroom.exports.gradescope import Visibility, stopped
from backpass.course.assignments import ASSIGNMENTS
from backpass.course.editions import Edition, kit, project_files, release
from backpass.course.manifest import Course
from backpass.course.stubs import STUBS

_TEMPLATES = Path(__file__).parent / "templates"
_GRADESCOPE_FILES = ("course.toml", "constraints.txt", "README.md")
_KILLED = (
    "The grading process ended without a result: its output is below, its limits of memory and time in the settings."
)


class Platform(StrEnum):
    """Where students' repositories are."""

    github = "github"
    gitlab = "gitlab"


# The file that makes the platform run the public checks, in a student's repository.
_PIPELINES = {Platform.github: ".github/workflows/public-checks.yml", Platform.gitlab: ".gitlab-ci.yml"}


def gradescope_zip(course: Course, destination: Path, isolation: str, visibility: Visibility) -> int:
    """Write Gradescope's autograder; its size in bytes. The same course gives the same bytes.

    The cases of its checks are drawn here, so that no container draws them for each submission.
    `isolation`: "sandbox", or "process" to grade also where the sandbox is incomplete in Gradescope's container.
    What the course is cut to counts.
    The form: https://gradescope-autograders.readthedocs.io/en/latest/specs/ (setup.sh and run_autograder at the root).
    """
    files = [
        name for name in (*_GRADESCOPE_FILES, ASSIGNMENTS) if name != ASSIGNMENTS or (course.root / name).is_file()
    ]
    content = {name: (course.root / name).read_bytes() for name in files} | project_files(course)
    content |= _frozen(course)
    for folder in (kit(), course.root / "graders", course.root / "solutions"):
        for path in folder.rglob("*"):
            inner = path.relative_to(folder.parent)
            skipped = any(part == "__pycache__" or part.startswith(".") for part in inner.parts)
            if path.is_file() and not skipped:
                content[inner.as_posix()] = path.read_bytes()
    programs = ("run_autograder", "setup.sh")
    content |= {name: (_TEMPLATES / name).read_bytes() for name in programs}
    content["stopped.json"] = json.dumps(stopped(_KILLED)).encode()
    for unit in course.functions:  # which stand where what a submission builds on is missing
        stubs = course.root / "exercises" / unit / STUBS
        content[stubs.relative_to(course.root).as_posix()] = stubs.read_bytes()
    settings = {"isolation": str(isolation), "visibility": str(visibility), "units": list(course.unit_names)}
    if course.assignment:
        settings["assignment"] = course.assignment.name
    content[SETTINGS] = tomlkit.dumps(settings).encode()
    destination.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(destination, "w") as archive:
        for name, data in sorted(content.items()):
            entry = zipfile.ZipInfo(name)  # of 1980: no date of today
            entry.create_system = 3  # Unix, so that the permissions count
            entry.external_attr = (0o100755 if name in programs else 0o100644) << 16
            archive.writestr(entry, data)
    return destination.stat().st_size


def _frozen(course: Course) -> dict[str, bytes]:
    from backpass.judging.graders import Graders  # with torch, which other commands of this module do without

    return Graders(course).to_ship()


def students_repository(course: Course, destination: Path, platform: Platform) -> Path:
    """Write the student's edition with a pipeline that runs its public checks at every push; the pipeline's file.

    CourseError where `destination` holds something.
    """
    release(course, destination, Edition.student)
    pipeline = destination / _PIPELINES[platform]
    pipeline.parent.mkdir(parents=True, exist_ok=True)
    pipeline.write_bytes((_TEMPLATES / f"{platform}.yml").read_bytes())
    (destination / ".gitignore").write_text(
        "__pycache__/\n.venv/\n*.egg-info/\n/results/\n/progress.toml*\n/backups/\n/plots/\n/lessons/\n"
    )
    return pipeline
