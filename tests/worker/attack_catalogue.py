"""The catalogue of hostile submissions in `tests/data/attacks`, and how one of them is graded and looked into.

An attack is one module with its contract in its first comment lines, or a folder with the contract in
`contract.txt` and the files beside it. Where an attack gets through, it leaves `/tmp/backpass-attack-<name>`.
"""

from __future__ import annotations

import ctypes
import hashlib
import resource
import shutil
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from backpass.classroom.grade import grade_submission
from backpass.classroom.results import SubmissionResult
from backpass.course.manifest import Limits
from backpass.explaining.grader import HiddenGrader
from backpass.student.submission import read_submission
from backpass.worker.client import Zygote

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "tests" / "data" / "attacks"
# Small ones, so that a deadline is soon over and memory soon full.
LIMITS = Limits(seconds_a_request=2, seconds_a_submission=10, memory=256)
FAMILIES = ("exiting", "forging", "looking", "harming", "exhausting", "cheating")
CONTRACT = "contract.txt"
COURSE = "@COURSE@"  # in an attack: the course's folder, which its author has guessed
MARKS = Path("/tmp")
MARK = "backpass-attack-"
# What every process of a submission has in its command line: it is forked from the zygote, or carries the mark.
_OURS = ("backpass.worker.zygote", MARK)
_PR_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True)
class Attack:
    """One hostile submission and its contract.

    `expect`: exercise to (status, points), what an honest equivalent deserves. `says`: text of which all must
    be in the messages or notices of the record. `never_without`: layers without which running it is unsafe.
    `links`: name in the submission to the file that it points to.
    """

    path: Path
    unit: str
    tries: str
    stopped_by: str
    expect: dict[str, tuple[str, float]]
    says: tuple[str, ...]
    never_without: tuple[str, ...]
    links: dict[str, str]

    @property
    def family(self) -> str:
        return self.path.parent.name

    @property
    def name(self) -> str:
        return self.path.stem

    @property
    def mark(self) -> Path:
        """What it leaves where it gets through."""
        return MARKS / f"{MARK}{self.name}"

    def lay_out(self, folder: Path) -> Path:
        """Write the submission as it would be handed in, below `folder`; its path."""
        submission = folder / self.name
        if self.path.is_dir():
            shutil.copytree(self.path, submission, ignore=shutil.ignore_patterns(CONTRACT))
        else:
            submission.mkdir()
            source = self.path.read_text(encoding="utf-8").replace(COURSE, str(ROOT))
            (submission / f"{self.unit}.py").write_text(source, encoding="utf-8")
        for name, target in self.links.items():
            (submission / name).symlink_to(target)
        return submission


def catalogue() -> list[Attack]:
    """All attacks, family by family."""
    paths = (path for family in FAMILIES for path in sorted((FOLDER / family).iterdir()))
    return [_read(path) for path in paths if path.suffix == ".py" or (path / CONTRACT).is_file()]


def _read(path: Path) -> Attack:
    text = (path / CONTRACT if path.is_dir() else path).read_text(encoding="utf-8").replace(COURSE, str(ROOT))
    lines: dict[str, list[str]] = {}
    for line in text.splitlines():
        if not line.startswith("# "):
            break
        key, separator, value = line[2:].partition(": ")
        if not separator:
            raise ValueError(f"{path}: {line!r} is not a line of a contract")
        lines.setdefault(key, []).append(value.strip())
    known = {"unit", "tries", "stopped by", "expect", "says", "never without", "link"}
    if unknown := lines.keys() - known:
        raise ValueError(f"{path}: unknown in a contract: {', '.join(sorted(unknown))}")
    unit = lines["unit"][0]
    expect = {}
    for each in lines["expect"]:
        exercise, status, points = each.split()
        expect[f"{unit}.{exercise}"] = (status, float(points))
    links = dict(each.split(" -> ") for each in lines.get("link", ()))
    return Attack(
        path,
        unit,
        lines["tries"][0],
        lines["stopped by"][0],
        expect,
        tuple(lines.get("says", ())),
        tuple(name for each in lines.get("never without", ()) for name in each.replace(",", " ").split()),
        links,
    )


def grade(attack: Attack, grader: HiddenGrader, zygote: Zygote, folder: Path) -> tuple[SubmissionResult, float]:
    """Grade an attack, laid out below `folder`, as any submission is; the result and its grader's CPU seconds."""
    submission = read_submission(attack.lay_out(folder), grader.course.functions)
    start = time.process_time()
    result = grade_submission(grader, zygote, submission)
    return result, time.process_time() - start


def peak_memory() -> int:
    """The most memory that this process, the grader, has ever had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def texts(result: SubmissionResult) -> str:
    """All that the record of a submission says in words."""
    messages = [exercise.message for exercise in result.exercises.values()]
    return "\n".join([*messages, *result.noticed, result.problem or ""])


def marks() -> set[Path]:
    """What attacks that got through have left."""
    return set(MARKS.glob(f"{MARK}*"))


def adopt_orphans() -> None:
    """From now on a process whose parent has ended becomes a child of this one, where `processes` sees it."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def processes() -> set[psutil.Process]:
    """The forks of a zygote, and what an attack has started, among the processes below this one."""
    found = set()
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):  # it has ended
            if any(word in argument for argument in process.cmdline() for word in _OURS):
                found.add(process)
    return found


def fingerprint_of_the_course() -> dict[str, tuple[str, int, float]]:
    """Content, mode and time of every file that the graders trust."""
    folders = ("solutions", "graders", "backpass", "exercises", "starter")
    files = [ROOT / "course.toml", *(path for name in folders for path in (ROOT / name).rglob("*") if path.is_file())]
    return {
        str(path): (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mode, path.stat().st_mtime)
        for path in files
        if "__pycache__" not in path.parts
    }
