"""What every command shares: the console, the course that it is typed in, and how it stops with one clear line."""

from __future__ import annotations

import os
import textwrap
from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Console, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from backpass.course.manifest import Course, CourseError, find_root

console = Console()


class Device(StrEnum):
    """Where submissions are to compute."""

    cpu = "cpu"
    cuda = "cuda"
    simulated = "simulated"
    all = "all"


AssignmentName = Annotated[
    str | None, typer.Option("--assignment", metavar="NAME", help="Only what this assignment of the course asks for.")
]
UnitNames = Annotated[
    list[str] | None, typer.Option("--unit", metavar="UNIT", help="Only this unit; may be given several times.")
]


def course_here() -> Course:
    """The course of the current folder."""
    try:
        return Course.load(find_root())
    except CourseError as error:
        raise stop(error) from None


def cut(course: Course, assignment: str | None, units: list[str] | None) -> Course:
    """The course cut to what a command was asked for."""
    try:
        return course.only(assignment, units)
    except CourseError as error:
        raise stop(error) from None


def markdown(text: str) -> RenderableType:
    """Markdown, to be displayed; only the commands that do load what reads it."""
    from rich.markdown import Markdown

    return Markdown(text)


def stop(reason: Exception | str) -> typer.Exit:
    """Display why a command cannot go on; what to raise then."""
    lines = str(reason).split("\n")
    if console.is_terminal:  # between words, so that paths can be copied
        lines = [textwrap.fill(line, console.width, break_long_words=False, break_on_hyphens=False) for line in lines]
    console.print("\n".join(lines), style="red", markup=False, highlight=False, soft_wrap=True)
    return typer.Exit(2)


def instructors_course() -> Course:
    """The course with the folders that only instructors have."""
    course = course_here()
    missing = [name for name in ("graders", "solutions") if not (course.root / name).is_dir()]
    if missing:
        raise stop(f"This edition of the course has no {' and no '.join(missing)}: this is for instructors.")
    return course


def progress_bar() -> Progress:
    """A bar that is gone when all is done."""
    columns = (TextColumn("{task.description:<24}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    # Drawn when there is news, not by a thread of its own: grading processes are forked while it is displayed.
    return Progress(*columns, console=console, transient=True, auto_refresh=False)


def advance_to(progress: Progress, task: TaskID, done: int, total: int, name: str) -> None:
    """Draw the bar anew: so many of all are done, and `name` is next."""
    progress.update(task, completed=done, total=total, description=name)
    progress.refresh()


def cores() -> int:
    """How many processes can compute at once."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def devices_of(device: Device) -> tuple[str, ...]:
    """Where to compute; it is told where a stand-in has to do."""
    if device in (Device.cpu, Device.simulated):
        return (device.value,)
    import torch

    if torch.cuda.is_available():
        return ("cuda",) if device is Device.cuda else ("cpu", "cuda")
    if device is Device.cuda:
        told = "There is no CUDA device here: nothing was graded. Use --device cpu, or --device simulated."
        console.print(told, style="red", soft_wrap=True)
        raise typer.Exit(2)
    console.print(
        "There is no CUDA device here: grading on the CPU, and on a stand-in for a GPU that tells the devices apart.",
        style="yellow",
        soft_wrap=True,
    )
    return ("cpu", "simulated")
