"""The commands: `backpass grade`, `backpass verify`, `backpass derive`."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from backpass.course import Course, CourseError, find_root
from backpass.submission import Submission, SubmissionError, find_submissions, read_submission

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="An auto-graded course on how neural networks learn.",
)
console = Console()


class Device(StrEnum):
    """Where submissions are to compute."""

    cpu = "cpu"
    cuda = "cuda"
    all = "all"


@app.command()
def grade(
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH...", help="Submission folders, zips, or folders of them.")
    ],
    out: Annotated[Path, typer.Option(help="Folder for results.jsonl and grades.csv.")],
    device: Annotated[Device, typer.Option(help="Where the submissions compute.")] = Device.cpu,
) -> None:
    """Grade submissions with the hidden graders."""
    from backpass.grade import grade_submission
    from backpass.graders import Graders
    from backpass.results import ResultFiles
    from backpass.worker.client import Zygote

    course = _course()
    devices = _devices(device)
    submissions = _named_apart([found for path in paths for found in _found(path, course)])
    statuses: Counter[str] = Counter()
    points: list[float] = []
    with _progress() as progress, ResultFiles(out) as files, Zygote(cuda="cuda" in devices) as zygote:
        task = progress.add_task("preparing the graders", total=len(submissions))
        graders = Graders(course)
        for path, name in submissions:
            progress.update(task, description=escape(name[:24]))
            result = grade_submission(graders, zygote, _read(path, name, course), devices)
            files.add(result)
            statuses.update(exercise.status for exercise in result.exercises.values())
            points.append(result.points)
            progress.advance(task)
        progress.update(task, description="graded")
    most = sum(exercise.points for exercise in course.exercises.values())
    summary = ", ".join(f"{count} {status}" for status, count in statuses.most_common())
    console.print(
        f"{_count(len(submissions), 'submission')}: {summary}; {_mean(points)} of {most:g} points on average."
    )
    console.print(f"Results: {files.folder / 'results.jsonl'}, {files.folder / 'grades.csv'}", soft_wrap=True)
    if len(submissions) <= 3:
        for line in (out / "results.jsonl").read_text(encoding="utf-8").splitlines():
            _show(line)


@app.command()
def verify(unit: Annotated[str | None, typer.Argument(help="One unit; all of them by default.")] = None) -> None:
    """Prove the course material: stubs are todo, solutions pass, every mistake is rejected by its own name."""
    from backpass.verify import verify as prove

    course = _course()
    try:
        units = [course.unit(unit)] if unit else list(course.units)
    except CourseError as error:
        raise _stop(error) from None
    table = Table("exercise", "checks", "mistakes", "rejected by name", "stub", "solution")
    problems: list[str] = []
    with _progress() as progress:
        task = progress.add_task("preparing the graders", total=None)
        for row in prove(course, units, lambda done, total, name: _advance(progress, task, done, total, name)):
            problems += row.problems
            named = f"{row.named} of {row.mistakes}"
            table.add_row(row.exercise, str(row.checks), str(row.mistakes), named, row.stub, row.solution)
    console.print(table)
    for problem in problems:
        console.print(f"[red]-[/] {escape(problem)}", soft_wrap=True)
    if problems:
        raise typer.Exit(1)
    console.print("Every stub is todo, every solution passes, every mistake is rejected by its own name.")


@app.command()
def derive(
    check: Annotated[bool, typer.Option("--check", help="Only say whether the files are up to date.")] = False,
) -> None:
    """Write what is derived from the course's sources: the mistakes that the public checks can name."""
    from backpass.public import stale_files, write_derived_files

    course = _course()
    if not check:
        for path in write_derived_files(course):
            console.print(f"wrote {path.relative_to(course.root)}")
        return
    stale = stale_files(course)
    for path in stale:
        console.print(f"{path.relative_to(course.root)} is out of date: run `backpass derive`")
    if stale:
        raise typer.Exit(1)


def _course() -> Course:
    try:
        return Course.load(find_root())
    except CourseError as error:
        raise _stop(error) from None


def _found(path: Path, course: Course) -> list[Path]:
    try:
        return find_submissions(path, course.unit_names)
    except SubmissionError as error:
        raise _stop(error) from None


def _read(path: Path, name: str, course: Course) -> Submission:
    return read_submission(path, course.unit_names, name)


def _named_apart(paths: list[Path]) -> list[tuple[Path, str]]:
    """Each path with the submission's name: its last part, or all of it where two have the same."""
    names = [path.resolve().stem if path.suffix in (".zip", ".py") else path.resolve().name for path in paths]
    often = Counter(names)
    return [(path, name if often[name] == 1 else str(path)) for path, name in zip(paths, names, strict=True)]


def _devices(device: Device) -> tuple[str, ...]:
    if device is Device.cpu:
        return ("cpu",)
    import torch

    if torch.cuda.is_available():
        return ("cuda",) if device is Device.cuda else ("cpu", "cuda")
    if device is Device.cuda:
        console.print("There is no CUDA device here: nothing was graded. Use --device cpu.", style="red")
        raise typer.Exit(2)
    console.print("There is no CUDA device here: grading on the CPU only.", style="yellow")
    return ("cpu",)


def _progress() -> Progress:
    columns = (TextColumn("{task.description:<24}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console, transient=True)


def _advance(progress: Progress, task: object, done: int, total: int, name: str) -> None:
    progress.update(task, completed=done, total=total, description=name)  # type: ignore[arg-type]


def _show(line: str) -> None:
    """One graded submission on the screen: what a newcomer wants to see of a few."""
    import json

    record = json.loads(line)
    console.rule(
        f"{escape(record['submission'])}: {record['points']:g} of {record['max_points']:g} points", align="left"
    )
    for name, result in record["exercises"].items():
        colour = {"passed": "green", "todo": "dim"}.get(result["status"], "red")
        head = f"[{colour}]{result['status']:>8}[/]  [bold]{name}[/]  {result['points']:g}/{result['max_points']:g}"
        console.print(head + (f"  [dim]{escape(result['mistake'])}[/]" if result["mistake"] else ""))
        if result["status"] not in ("passed", "todo"):
            console.print(Padding(Text(result["message"]), (0, 0, 0, 10)))


def _mean(values: list[float]) -> str:
    return f"{sum(values) / len(values):.1f}" if values else "0"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _stop(error: Exception) -> typer.Exit:
    console.print(str(error), style="red", highlight=False, soft_wrap=True)
    return typer.Exit(2)
