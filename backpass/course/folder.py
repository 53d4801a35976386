"""`backpass init`: the whole course in a folder of a learner's own, made from what the package brings along, or from
the course that it is called in.

What was written there is remembered by its hash, in `.backpass.json`: an update replaces what nobody has touched,
brings what is new, and leaves alone whatever the learner has changed.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from backpass.course.editions import KIT, section_for_students
from backpass.course.manifest import MANIFEST, Course, CourseError
from backpass.course.stubs import STUBS, function_text

RECORD = ".backpass.json"
FOLDERS = ("exercises", "solutions", "graders")
_README = """# {title}

This folder is yours: write into `starter/`, and keep it as long as you like. `pip install --upgrade backpass`, and then
`backpass init` in this folder, bring what is new in the course; nothing that you have written is touched.

`solutions/` and `graders/` give the answers away. They are here for `backpass solution` and `backpass check`; you learn
more when you do not open them before an exercise passes.

"""
_SPOILER = """# These files give the answers away

They are here for the commands `backpass check`, `backpass solution` and `backpass quiz`. To be told whether your own
work is right, and where it is not, you need not open anything in this folder.
"""
_PYTEST = """[pytest]
addopts = -p backpass.plugin --import-mode=importlib --no-header
pythonpath = .
testpaths = exercises
"""
_IGNORED = """__pycache__/
.hypothesis/
.pytest_cache/
.venv/
/backups/
/plots/
/lessons/
"""
_SETTINGS = {
    "python.testing.pytestEnabled": True,
    "python.testing.unittestEnabled": False,
    "python.testing.pytestArgs": ["exercises"],
    "python.analysis.extraPaths": ["starter"],
    # A search, or a name that is completed, is not to give answers away.
    "python.analysis.exclude": ["solutions", "graders"],
    "search.exclude": {"solutions": True, "graders": True, "exercises/**/*.json": True, "exercises/**/stub.py": True},
    "files.exclude": {"**/__pycache__": True, "exercises/**/*.json": True, "exercises/**/stub.py": True},
}
_TASKS = {
    "version": "2.0.0",
    "tasks": [
        {
            "label": "backpass: check the current exercise",
            "type": "process",
            "command": "${command:python.interpreterPath}",
            "args": ["-m", KIT, "check"],
            "group": {"kind": "test", "isDefault": True},
            "problemMatcher": {
                "owner": KIT,
                "fileLocation": ["relative", "${workspaceFolder}"],
                "pattern": {"regexp": r"^(starter/\w+\.py):(\d+): (.*)$", "file": 1, "line": 2, "message": 3},
            },
        }
    ],
}


@dataclass
class Written:
    """What `write_folder` has done: files that are new or replaced, and those that the learner has changed."""

    new: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    is_first: bool = False
    is_repository: bool = False


def material() -> Course:
    """The course of the current folder where that is its author's, else the one that this package brings along.

    That one is in a wheel, or in the checkout that it is installed from.
    """
    beside = Path(__file__).resolve().parents[2]
    for folder in (Path.cwd(), beside / "backpass_course", beside):
        is_whole = (folder / MANIFEST).is_file() and all((folder / name).is_dir() for name in FOLDERS)
        if is_whole and not is_learners(folder):
            return Course.load(folder)
    raise CourseError("This installation of backpass has no course in it: pip install --force-reinstall backpass")


def write_folder(destination: Path) -> Written:
    """Write the course into a folder, or bring one up to date; CourseError where it holds another course."""
    course = material()
    files = dict(_files(course))
    record = _record(destination)
    written = Written(is_first=not record)
    if not record and _is_anothers(destination, files):
        raise CourseError(
            f"{destination} holds a course that `backpass init` has not written. Give another folder: backpass init DIR"
        )
    if record and (own := Course.load(destination).title) != course.title:
        raise CourseError(
            f"{destination} holds the course {own!r}, and what would be written is {course.title!r}. Call "
            f"`backpass init {destination.resolve()}` in the folder of the course {own!r}."
        )
    for name, data in files.items():
        _write(destination, name, data, record.get(name), written)
    for name in record.keys() - files.keys():
        gone = destination / name
        if gone.is_file() and _hash(gone.read_bytes()) == record[name]:
            gone.unlink()  # no longer in the course, and as it came
    record = {name: _hash(data) for name, data in files.items()}
    text = json.dumps({"version": version(KIT), "files": record}, indent=1)
    (destination / RECORD).write_text(text + "\n", encoding="utf-8")
    written.is_repository = written.is_first and _make_repository(destination)
    return written


def is_learners(root: Path) -> bool:
    """Whether a course's folder was written by `backpass init`."""
    return (root / RECORD).is_file()


def _files(course: Course) -> list[tuple[str, bytes]]:
    """What belongs into the folder, by its path there."""
    found = [(MANIFEST, (course.root / MANIFEST).read_bytes())]
    for folder in FOLDERS:
        for path in sorted((course.root / folder).rglob("*")):
            hidden = any(part.startswith((".", "__pycache__")) for part in path.relative_to(course.root).parts)
            if path.is_file() and not hidden:
                found.append((path.relative_to(course.root).as_posix(), path.read_bytes()))
    for unit in course.unit_names:
        found.append((f"starter/{unit}.py", (course.root / "exercises" / unit / STUBS).read_bytes()))
    settings = {"python.defaultInterpreterPath": sys.executable} | _SETTINGS
    texts = {
        "README.md": _README.format(title=course.title) + section_for_students(course),
        "solutions/README.md": _SPOILER,
        "graders/README.md": _SPOILER,
        "pytest.ini": _PYTEST,
        ".gitignore": _IGNORED,
        ".vscode/settings.json": json.dumps(settings, indent=2) + "\n",
        ".vscode/tasks.json": json.dumps(_TASKS, indent=2) + "\n",
    }
    return found + [(name, text.encode()) for name, text in texts.items()]


def _is_anothers(destination: Path, files: dict[str, bytes]) -> bool:
    manifest = destination / MANIFEST
    return (destination / KIT / "__init__.py").exists() or (
        manifest.exists() and manifest.read_bytes() != files[MANIFEST]
    )


def _write(destination: Path, name: str, data: bytes, as_it_came: str | None, written: Written) -> None:
    """One file: written where it is not there or is as it came; of stubs that were edited, the new ones are added."""
    path = destination / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        written.new.append(name)
        return
    own = path.read_bytes()
    if own == data:
        return
    if _hash(own) == as_it_came:
        path.write_bytes(data)
        written.updated.append(name)
    elif name.startswith("starter/") and (added := _added(own, data)):
        path.write_bytes(own.rstrip() + b"\n" + added)
        written.updated.append(name)
    elif _hash(data) != as_it_came:  # otherwise there is nothing new in it
        written.kept.append(name)


def _added(own: bytes, released: bytes) -> bytes:
    """The stubs of a module that are not in the learner's."""
    source, stubs = own.decode(errors="replace"), released.decode()
    names = [line[4:].partition("(")[0] for line in stubs.splitlines() if line.startswith("def ")]
    places = [function_text(stubs, name) for name in names if function_text(source, name) is None]
    return "".join(f"\n\n{stubs[slice(*place)].rstrip()}\n" for place in places if place).encode()


def _record(destination: Path) -> dict[str, str]:
    """The hashes of the files as they came; none where the folder was not written by this module."""
    try:
        files = json.loads((destination / RECORD).read_text(encoding="utf-8"))["files"]
    except FileNotFoundError:
        return {}
    except (ValueError, KeyError, TypeError):
        raise CourseError(
            f"{destination / RECORD} cannot be read any more, so nobody knows what you have changed. Write a new "
            "folder, and copy your starter/ and progress.toml into it."
        ) from None
    return dict(files)


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _make_repository(destination: Path) -> bool:
    """A git repository with the course as its first commit, where there is git and the folder is in none; whether."""
    if shutil.which("git") is None or _git(destination, "rev-parse", "--git-dir"):
        return False
    name = ("-c", f"user.name={KIT}", "-c", f"user.email={KIT}@localhost", "-c", "commit.gpgsign=false")
    commit = ("commit", "-q", "--no-verify", "-m", f"The course, version {version(KIT)}")
    return _git(destination, "init", "-q") and _git(destination, "add", ".") and _git(destination, *name, *commit)


def _git(destination: Path, *arguments: str) -> bool:
    return subprocess.run(["git", *arguments], cwd=destination, capture_output=True, check=False).returncode == 0
