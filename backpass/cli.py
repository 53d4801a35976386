"""The `backpass` command: what instructors and authors need; `backpass.study` adds the student's commands."""

from __future__ import annotations

import os
from collections import Counter
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from backpass import study
from backpass.course import Course, CourseError
from backpass.exports import commands as exports
from backpass.release import Edition
from backpass.results import Isolation
from backpass.submission import SubmissionError, find_submissions
from backpass.terminal import console, course_here, instructors_course, stop

if TYPE_CHECKING:
    from backpass.pool import Pool

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
study.register(app)
exports.register(app)


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
    jobs: Annotated[int | None, typer.Option(min=1, help="Grading processes; as many as cores by default.")] = None,
    isolation: Annotated[
        Isolation, typer.Option(help="`process` grades also where the sandbox is incomplete.")
    ] = Isolation.sandbox,
) -> None:
    """Grade submissions with the hidden graders."""
    _one_thread_a_process()
    from backpass.pool import GradingStopped, Pool
    from backpass.results import ResultFiles
    from backpass.worker.client import ZygoteFailed

    course = instructors_course()
    devices = _devices(device)
    submissions = _named_apart([found for path in paths for found in _found(path, course)])
    statuses: Counter[str] = Counter()
    points: list[float] = []
    try:
        with Pool(course, jobs or _cores(), devices) as pool:
            _say_how_isolated(pool, isolation)
            with ResultFiles(out) as files, _progress() as progress:
                task = progress.add_task("preparing the graders", total=len(submissions))
                progress.refresh()
                for result in pool.grade(submissions):
                    files.add(result)
                    progress.update(task, description=escape(result.submission[:24]))
                    statuses.update(exercise.status for exercise in result.exercises.values())
                    points.append(result.points)
                    progress.advance(task)
                    progress.refresh()
    except (GradingStopped, ZygoteFailed) as error:
        raise stop(error) from None
    most = sum(exercise.points for exercise in course.exercises.values())
    summary = ", ".join(f"{count} {status}" for status, count in statuses.most_common())
    console.print(
        f"{_count(len(submissions), 'submission')}: {summary}; {_mean(points)} of {most:g} points on average."
    )
    console.print(f"Results: {files.folder / 'results.jsonl'}, {files.folder / 'grades.csv'}", soft_wrap=True)
    if len(submissions) <= 3:
        for line in (out / "results.jsonl").read_text(encoding="utf-8").splitlines():
            _show(line)


def _say_how_isolated(pool: Pool, isolation: Isolation) -> None:
    """Stop where the sandbox leaves something open that nobody has agreed to."""
    if pool.is_sandboxed:
        return
    if not pool.doors:
        console.print("On a GPU submissions reach its driver: results say `isolation: process`.", style="yellow")
        return
    doors = "; ".join(pool.doors)
    layers = ", ".join(pool.layers) or "none"
    if isolation is Isolation.process:
        console.print(f"Not a sandbox (layers: {layers}). A submission could: {doors}.", style="yellow")
        return
    console.print(
        f"The sandbox is incomplete here (layers: {layers}). A submission could: {doors}.\n"
        "Nothing was graded. Grade where Linux has Landlock and seccomp, or accept this with --isolation process.",
        style="red",
    )
    raise typer.Exit(2)


def _one_thread_a_process() -> None:
    """Before torch and NumPy are loaded: processes share out the cores, and a fork of a single thread is safe."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@app.command()
def verify(
    unit: Annotated[str | None, typer.Argument(help="One unit; all of them by default.")] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes; as many as cores by default.")] = None,
) -> None:
    """Prove the course material: stubs are todo, solutions pass, every mistake is rejected by its own name."""
    _one_thread_a_process()
    from backpass.verify import verify as prove

    course = instructors_course()
    try:
        units = [course.unit(unit)] if unit else list(course.units)
    except CourseError as error:
        raise stop(error) from None
    table = Table("exercise", "checks", "mistakes", "rejected by name", "stub", "solution")
    problems: list[str] = []
    with _progress() as progress:
        task = progress.add_task("preparing the graders", total=None)
        for row in prove(course, units, jobs or _cores(), partial(_advance, progress, task)):
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
    """Write what is derived: the mistakes that public checks can name, stubs to reset to, expected shapes of plots."""
    from backpass.public import stale_files, write_derived_files

    course = instructors_course()
    if not check:
        for path in write_derived_files(course):
            console.print(f"wrote {path.relative_to(course.root)}")
        return
    stale = stale_files(course)
    for path in stale:
        console.print(f"{path.relative_to(course.root)} is out of date: run `backpass derive`")
    if stale:
        raise typer.Exit(1)


@app.command()
def release(
    destination: Annotated[Path, typer.Argument(metavar="DEST", help="A new folder.")],
    edition: Annotated[Edition, typer.Option(help="`self-study` has the solutions as well.")] = Edition.student,
) -> None:
    """Copy the course for students: exercises, stubs and the kit, without graders."""
    from backpass import release as releases

    try:
        files = releases.release(course_here(), destination, edition)
    except CourseError as error:
        raise stop(error) from None
    console.print(f"{_count(len(files), 'file')} of the {edition.value} edition are in {destination}", soft_wrap=True)


def _found(path: Path, course: Course) -> list[Path]:
    try:
        return find_submissions(path, course.unit_names)
    except SubmissionError as error:
        raise stop(error) from None


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
    # Drawn when there is news, not by a thread of its own: grading processes are forked while it is displayed.
    return Progress(*columns, console=console, transient=True, auto_refresh=False)


def _advance(progress: Progress, task: object, done: int, total: int, name: str) -> None:
    progress.update(task, completed=done, total=total, description=name)  # type: ignore[arg-type]
    progress.refresh()


def _show(line: str) -> None:
    """One graded submission on the screen: what a newcomer wants to see of a few."""
    import json

    record = json.loads(line)
    console.rule(
        f"{escape(record['submission'])}: {record['points']:g} of {record['max_points']:g} points", align="left"
    )
    todo = sum(result["status"] == "todo" for result in record["exercises"].values())
    told = ""
    for name, result in record["exercises"].items():
        if result["status"] == "todo":
            continue
        colour = {"passed": "green"}.get(result["status"], "red")
        head = f"[{colour}]{result['status']:>8}[/]  [bold]{name}[/]  {result['points']:g}/{result['max_points']:g}"
        console.print(head + (f"  [dim]{escape(result['mistake'])}[/]" if result["mistake"] else ""))
        if result["status"] != "passed" and result["message"] != told:  # a module that does not import is told once
            told = result["message"]
            console.print(Padding(Text(told), (0, 0, 0, 10)))
    if todo:
        console.print(f"[dim]    todo  {_count(todo, 'exercise')} not started[/]")


def _mean(values: list[float]) -> str:
    return f"{sum(values) / len(values):.1f}" if values else "0"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
