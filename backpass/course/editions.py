"""Editions of the course for students: copies of folders, so that nothing of the instructor's can leak."""

from __future__ import annotations

import shutil
from enum import StrEnum
from functools import partial
from importlib.metadata import distribution, version
from pathlib import Path
from typing import Any

import tomlkit

from backpass.course.assignments import ASSIGNMENTS
from backpass.course.manifest import MANIFEST, Course, CourseError
from backpass.course.quizzes import FINAL
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
    if course.assignment and course.assignment.dates:
        readme = readme.replace("\n\n", f"\n\n**{course.assignment.dates}**\n\n", 1)
    destination.mkdir(parents=True, exist_ok=True)
    for folder in (*(course.root / name for name in folders), kit()):
        shutil.copytree(folder, destination / folder.name, ignore=partial(_left_out, course))
    shutil.rmtree(destination / KIT / "authoring" / "templates", ignore_errors=True)  # a course with its solutions
    shutil.copy2(course.root / "constraints.txt", destination / "constraints.txt")
    for name, data in _manifest(course).items():
        (destination / name).write_bytes(data)
    for name, data in project_files(course).items():
        (destination / name).write_bytes(data)
    # The stubs as they were written, whatever has been tried out in starter/ since.
    (destination / "starter").mkdir()
    for unit in course.functions:
        shutil.copy2(course.root / "exercises" / unit / STUBS, destination / "starter" / f"{unit}.py")
    (destination / "README.md").write_text(readme, encoding="utf-8")
    return sorted(path for path in destination.rglob("*") if path.is_file())


def _left_out(course: Course, folder: str, names: list[str]) -> set[str]:
    """What of a folder is not released: the system's files, and the units that nothing in the release builds on."""
    others = {unit.name for unit in course.whole} - course.functions.keys()
    others |= {quiz for quiz in (FINAL,) if course.assignment and quiz not in course.assignment.quizzes}
    in_course = Path(folder).is_relative_to(course.root) and not Path(folder).is_relative_to(kit())
    hidden = shutil.ignore_patterns("__pycache__", "*.pyc", ".*")(folder, names)
    return hidden | {name for name in names if in_course and name.partition(".")[0] in others}


def _manifest(course: Course) -> dict[str, bytes]:
    """The manifest of an edition: where the course is cut, its commands are about that part, without other dates."""
    files = {name: tomlkit.parse((course.root / name).read_text(encoding="utf-8")) for name in _manifests(course)}
    asked = course.assignment.name if course.assignment else None
    for data in files.values():
        if asked and "assignments" in data:
            for place, table in reversed(list(enumerate(data["assignments"]))):
                if table["name"] != asked:
                    del data["assignments"][place]
    out = [id for id in course.declared if id not in course.exercises] if not asked else []
    said = {key: value for key, value in (("assignment", asked), ("left_out", out)) if value}
    for key in said:
        files[MANIFEST].pop(key, None)
    texts = {name: tomlkit.dumps(data) for name, data in files.items()}
    texts[MANIFEST] = tomlkit.dumps(said) + texts[MANIFEST]  # keys of the top stand above every table
    return {name: text.encode() for name, text in texts.items()}


def _manifests(course: Course) -> list[str]:
    return [name for name in (MANIFEST, ASSIGNMENTS) if (course.root / name).is_file()]


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
