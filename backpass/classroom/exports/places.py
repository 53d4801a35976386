"""Where in a repository an exercise is wrong: what GitHub and GitLab put their notes on."""

from __future__ import annotations

from pathlib import Path

from backpass.course.stubs import line_of
from backpass.judging.result import ExerciseResult


def file_of(id: str, folder: Path) -> str:
    """The module of an exercise in the folder of the modules, as the platform calls it."""
    return (folder / f"{id.partition('.')[0]}.py").as_posix()


def line_in(file: str, id: str, result: ExerciseResult) -> int:
    """The line of the expression that is to blame, else the one on which the function begins; 1 where there is none."""
    if result.line is not None:
        return result.line
    return line_of(Path(file), id.partition(".")[2]) if Path(file).is_file() else 1
