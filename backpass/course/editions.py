"""Editions of the course for students: copies of folders, so that nothing of the instructor's can leak."""

from __future__ import annotations

import shutil
from enum import StrEnum
from importlib.metadata import distribution, version
from pathlib import Path
from typing import Any

import tomlkit

from backpass.course.manifest import Course, CourseError
from backpass.course.stubs import STUBS

FILES = ("course.toml", "constraints.txt")
KIT = "backpass"  # the folder in an edition, and the distribution that it is installed as
_SECTION = "## For students"
_HEAD = """# {title}

This is the {edition} edition. Two commands set it up, with Python 3.11 or newer on Linux or macOS (on Windows: in WSL):

```
python3 -m venv .venv
.venv/bin/pip install -c constraints.txt -e '.[pictures]'
```

`. .venv/bin/activate` puts `pytest` and `backpass` on your path.

"""


class Edition(StrEnum):
    """Who it is for: the student's has no solutions and no graders, the one for self-study has them."""

    student = "student"
    self_study = "self-study"


def release(course: Course, destination: Path, edition: Edition) -> list[Path]:
    """Copy an edition to `destination`, which must be empty or not there; the files that were written.

    CourseError where the folder holds something, or a part of the course is missing.
    """
    if destination.exists() and (not destination.is_dir() or any(destination.iterdir())):
        raise CourseError(f"{destination} is not empty: a release goes into a folder of its own.")
    folders = ("exercises", "solutions", "graders") if edition is Edition.self_study else ("exercises",)
    missing = [name for name in (*FILES, *folders) if not (course.root / name).exists()]
    if missing:
        raise CourseError(f"{course.root} has no {', '.join(missing)}: release from the whole repository.")
    readme = _HEAD.format(title=course.title, edition=edition.value) + section_for_students(course)
    destination.mkdir(parents=True, exist_ok=True)
    for folder in (*(course.root / name for name in folders), kit()):
        leave_out = shutil.ignore_patterns("__pycache__", "*.pyc", ".*")
        shutil.copytree(folder, destination / folder.name, ignore=leave_out)
    shutil.rmtree(destination / KIT / "authoring" / "templates", ignore_errors=True)  # a course with its solutions
    for name in FILES:
        shutil.copy2(course.root / name, destination / name)
    for name, data in project_files(course).items():
        (destination / name).write_bytes(data)
    # The stubs as they were written, whatever has been tried out in starter/ since.
    (destination / "starter").mkdir()
    for unit in course.unit_names:
        shutil.copy2(course.root / "exercises" / unit / STUBS, destination / "starter" / f"{unit}.py")
    (destination / "README.md").write_text(readme, encoding="utf-8")
    return sorted(path for path in destination.rglob("*") if path.is_file())


def kit() -> Path:
    """The folder of the package, which every edition brings along: a course of one's own has none."""
    return Path(__file__).resolve().parents[1]


def requirements(extra: str = "") -> list[str]:
    """What the kit needs to be installed, or one of its extras."""
    found = [requirement.partition(";") for requirement in distribution(KIT).requires or ()]
    return [name.strip() for name, _, marker in found if (f'"{extra}"' in marker if extra else "extra" not in marker)]


def project_files(course: Course) -> dict[str, bytes]:
    """What installs an edition, and the licences: the course's own, and the kit's where that is another one."""
    own = course.root / "pyproject.toml"
    written = tomlkit.parse(own.read_text(encoding="utf-8") if own.is_file() else "")
    files = {}
    if written.get("project", {}).get("name") == KIT:
        files[own.name] = own.read_bytes()
    else:
        edition = tomlkit.parse((Path(__file__).parent / "edition.toml").read_text(encoding="utf-8"))
        project: Any = edition["project"]
        project.update({"version": version(KIT), "dependencies": requirements()})
        project["optional-dependencies"]["pictures"] = requirements("pictures")
        edition["tool"].update(written.get("tool", {}))
        files[own.name] = tomlkit.dumps(edition).encode()
        files[f"{KIT}/LICENSE"] = (distribution(KIT).read_text("licenses/LICENSE") or "").encode()
    licence = course.root / "LICENSE"
    return files | ({licence.name: licence.read_bytes()} if licence.is_file() else {})


def section_for_students(course: Course) -> str:
    """What the README tells students."""
    text = (course.root / "README.md").read_text(encoding="utf-8")
    section = text.partition(_SECTION)[2].partition("\n## ")[0]
    if not section:
        raise CourseError(f"{course.root / 'README.md'} has no section {_SECTION!r}.")
    return "## How to work" + section.rstrip() + "\n"
