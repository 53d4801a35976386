"""The `backpass` command: what instructors and authors need; the commands of students are in `studying` and `labs`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.padding import Padding
from rich.progress import Progress, TaskID
from rich.text import Text
from typer.core import TyperGroup

from backpass.authoring import commands as authoring
from backpass.classroom.exports import commands as exports
from backpass.classroom.exports.class_list import Attendance, Listed, note_absent, read_class, with_times
from backpass.classroom.exports.rosters import RosterError
from backpass.classroom.result_files import RESULTS, TABLE, ResultsError, read_records
from backpass.classroom.results import NOT_HANDED_IN
from backpass.course.editions import Edition
from backpass.course.folder import is_learners
from backpass.course.manifest import Course, CourseError, find_root
from backpass.labs.debate import lab
from backpass.student.hand_ins import HandIn, find_submissions
from backpass.student.intake import SubmissionError
from backpass.student.submission import read_submission
from backpass.studying import commands as study
from backpass.terminal import (
    AssignmentName,
    Device,
    UnitNames,
    advance_to,
    console,
    cores,
    course_here,
    cut,
    devices_of,
    instructors_course,
    progress_bar,
    stop,
)
from backpass.tuning.commands import tune
from backpass.worker.sandbox import Isolation, incomplete
from backpass.worker.threads import one_thread_a_process

if TYPE_CHECKING:
    from backpass.classroom.cluster.head import Cluster
    from backpass.classroom.pool import Pool
    from backpass.classroom.result_files import ResultFiles

_STUDY = "Your own work"


class Commands(TyperGroup):
    """The commands; `--help` lists those of instructors where there are graders that were not written by `init`."""

    def list_commands(self, ctx: Any) -> list[str]:
        names = super().list_commands(ctx)
        try:
            root = find_root()
        except CourseError:
            return names
        if (root / "graders").is_dir() and not is_learners(root):
            return names
        return [name for name in names if getattr(self.commands[name], "rich_help_panel", None) == _STUDY]


app = typer.Typer(cls=Commands, add_completion=False, pretty_exceptions_enable=False)
study.register(app, _STUDY)
app.command(rich_help_panel=_STUDY)(lab)
app.command(rich_help_panel=_STUDY)(tune)
exports.register(app)
authoring.register(app)

_MOST_PROBLEMS = 10  # that are told on the screen


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
    hide_expected: Annotated[
        bool, typer.Option("--hide-expected", help="Messages do not display right answers, as in an exam.")
    ] = False,
    roster: Annotated[
        Path | None,
        typer.Option(
            metavar="CSV",
            help="The class: who has handed in nothing has a row, and others their time.",
        ),
    ] = None,
    assignment: AssignmentName = None,
    unit: UnitNames = None,
    again: Annotated[bool, typer.Option("--again", help="Grade also what has been graded before.")] = False,
    cluster: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Grade on the workers of the Dask scheduler at this address.")
    ] = None,
) -> None:
    """Grade submissions with the hidden graders; what is graded already is not graded again."""
    one_thread_a_process()
    from backpass.classroom.pool import GradingStopped, Pool
    from backpass.classroom.result_files import ResultFiles
    from backpass.worker.warm import ZygoteFailed

    course = cut(instructors_course(), assignment, unit)
    course = replace(course, hide_expected=hide_expected or course.hide_expected)
    if cluster is not None and (jobs is not None or device is not Device.cpu):
        raise stop(
            "A cluster grades on CPUs, with as many processes as its workers have threads: no --jobs, no --device."
        )
    devices = devices_of(device)
    found = [each for path in paths for each in _found(path, course)]
    listed = roster.resolve() if roster else None  # it may lie among what was handed in
    students = _students(roster) if roster else []
    hand_ins = with_times(_named_apart([each for each in found if each.path.resolve() != listed]), students)
    names = [hand_in.name for hand_in in hand_ins]
    try:
        with _cluster(course, cluster, isolation) if cluster else Pool(course, jobs or cores(), devices) as pool:
            if isinstance(pool, Pool):
                _say_how_isolated(pool, isolation)
            with ResultFiles(out, names) as files, progress_bar() as progress:
                task = progress.add_task("reading", total=len(hand_ins))
                to_do = hand_ins if again else list(_not_yet_graded(hand_ins, files, course, pool.hash, progress, task))
                if len(to_do) < len(hand_ins):
                    done = f"{len(hand_ins) - len(to_do)} of {_count(len(hand_ins), 'submission')}"
                    console.print(f"{done} had been graded already; --again grades all anew.", highlight=False)
                progress.reset(task, total=len(to_do), description="preparing the graders")
                progress.refresh()
                for result in pool.grade(to_do):
                    files.add(result)
                    progress.update(task, description=escape(result.submission[:24]))
                    progress.advance(task)
                    progress.refresh()
                absent = note_absent(files, students, course) if students else None
            _sum_up(course, files, names, absent)
    except KeyboardInterrupt:
        console.print(f"Stopped. What is graded is in {out}; the same command goes on from there.", soft_wrap=True)
        raise typer.Exit(130) from None
    except (GradingStopped, ResultsError, ZygoteFailed) as error:
        raise stop(error) from None


def _cluster(course: Course, address: str, isolation: Isolation) -> Cluster:
    try:
        from backpass.classroom.cluster.head import Cluster
    except ModuleNotFoundError as error:
        raise stop(f"{error.name} is not installed: pip install -e '.[cluster]'") from None
    tell = partial(console.print, style="yellow", markup=False, highlight=False, soft_wrap=True)
    return Cluster(course, address, isolation, tell)


def _not_yet_graded(
    hand_ins: list[HandIn], files: ResultFiles, course: Course, graders: str, progress: Progress, task: TaskID
) -> Iterator[HandIn]:
    """Those that have changed since they were graded, or the graders have, or that are new."""
    for number, hand_in in enumerate(hand_ins):
        if not files.has(hand_in.name, read_submission(hand_in, course.functions).hash, graders):
            yield hand_in
        if number % 50 == 0:  # drawing takes longer than reading
            progress.update(task, completed=number)
            progress.refresh()


def _sum_up(course: Course, files: ResultFiles, names: list[str], absent: Attendance | None) -> None:
    """What became of a class, in a few lines; in full where it is small."""
    lines = [line for name in names if (line := files.line(name))]
    statuses: Counter[str] = Counter()
    for line in lines:
        statuses.update(line.statuses)
    most = sum(exercise.points for exercise in course.exercises.values())
    summary = ", ".join(f"{count} {status}" for status, count in statuses.most_common())
    mean = _mean([line.points for line in lines if line.points or line.problem is None])
    console.print(f"{_count(len(names), 'submission')}: {summary}; {mean} of {most:g} points on average.")
    named = list(zip(names, lines, strict=True))
    _list([f"{name}: {line.problem}" for name, line in named if line.problem], "red")
    _list([f"{name}: {note}" for name, line in named for note in line.notes], "yellow")
    if absent:
        _list([f"{each.name}: {NOT_HANDED_IN}" for each in absent.missing], "red")
        _list([f"{each} of students" for each in absent.strangers], "yellow")
    if others := [name for name in files.others if not absent or name not in {each.name for each in absent.missing}]:
        kept = f"{_count(len(others), 'result')} of submissions that were not in this run"
        console.print(f"{kept} stay as they are. For this run alone, give another folder to --out.", soft_wrap=True)
    console.print(f"Results: {files.folder / RESULTS}, {files.folder / TABLE}", soft_wrap=True)
    if len(names) <= 3:
        for record in read_records(files.folder):
            if record["submission"] in names:
                _show(record)


def _list(lines: list[str], colour: str) -> None:
    for line in lines[:_MOST_PROBLEMS]:
        console.print(f"[{colour}]-[/] {escape(line)}", highlight=False, soft_wrap=True)
    if len(lines) > _MOST_PROBLEMS:
        console.print(f"- and {len(lines) - _MOST_PROBLEMS} more: the results say it of each")


def _students(roster: Path) -> list[Listed]:
    try:
        return read_class(roster)
    except RosterError as error:
        raise stop(error) from None


def _say_how_isolated(pool: Pool, isolation: Isolation) -> None:
    """Stop where the sandbox leaves something open that nobody has agreed to."""
    if pool.is_sandboxed:
        return
    if not pool.doors:
        console.print("On a GPU submissions reach its driver: results say `isolation: process`.", style="yellow")
        return
    said = incomplete(pool.doors, pool.layers)
    if isolation is Isolation.process:
        console.print(said, style="yellow")
        return
    console.print(
        f"{said}\nNothing was graded. Grade where Linux has Landlock and seccomp, or accept this with "
        "--isolation process.",
        style="red",
    )
    raise typer.Exit(2)


@app.command()
def release(
    destination: Annotated[Path, typer.Argument(metavar="DEST", help="A new folder.")],
    edition: Annotated[Edition, typer.Option(help="`self-study` has solutions and graders as well.")] = Edition.student,
    assignment: AssignmentName = None,
    unit: UnitNames = None,
) -> None:
    """Copy the course for students: exercises, stubs and the kit."""
    from backpass.course import editions as releases

    try:
        files = releases.release(cut(course_here(), assignment, unit), destination, edition)
    except CourseError as error:
        raise stop(error) from None
    console.print(f"{_count(len(files), 'file')} of the {edition.value} edition are in {destination}", soft_wrap=True)


@app.command()
def notebooks(
    folder: Annotated[Path, typer.Argument(metavar="COURSE_DIR", help="A folder for the nbgrader course.")],
    seed: Annotated[
        str, typer.Option(help="A word such as autumn-2026: quizzes then have questions and numbers of their own.")
    ] = "",
    assignment: AssignmentName = None,
    unit: UnitNames = None,
) -> None:
    """Write an nbgrader course: quizzes, labs and modules as assignments, and its configuration."""
    course = cut(instructors_course(), assignment, unit)
    try:
        from backpass.notebooks.folder import CONFIG, write_course
        from backpass.notebooks.parts import parts
    except ModuleNotFoundError as error:
        raise stop(f"{error.name} is not installed: pip install -c constraints.txt -e '.[nbgrader]'") from None
    kept = (folder / CONFIG).exists()
    try:
        files = write_course(course, folder, seed)
    except (CourseError, OSError) as error:
        raise stop(error) from None
    console.print(f"{_count(len(files), 'file')} of an nbgrader course are in {folder}", soft_wrap=True)
    if kept:
        console.print(f"{folder / CONFIG} was there and is as it was.", soft_wrap=True)
    console.print(f"Next: cd {folder} && nbgrader generate_assignment {parts(course)[0].name}", soft_wrap=True)


@app.command()
def report(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder with results.jsonl.")],
    submissions: Annotated[
        list[Path] | None, typer.Option(help="What was graded: adds plots, and the code around a mistake.")
    ] = None,
    assignment: AssignmentName = None,
    unit: UnitNames = None,
    anonymous: Annotated[
        bool, typer.Option("--anonymous", help="Pseudonyms for names; DIR/pseudonyms.csv says who is who.")
    ] = False,
) -> None:
    """Write a report into DIR/report: a page for each student, and one for the class with its map of mistakes."""
    one_thread_a_process()
    course = cut(course_here(), assignment, unit)
    try:
        from backpass.classroom.report.naming import PSEUDONYMS, Names, Pseudonyms
        from backpass.classroom.report.pages import write_report
        from backpass.classroom.report.reading import ReportError, Results

        results = Results(folder, course)
        course = results.marking.course
        for notice in results.notices:
            console.print(notice, style="yellow", markup=False, highlight=False, soft_wrap=True)
        names = Pseudonyms(folder / PSEUDONYMS, results.names) if anonymous else Names()
        with ExitStack() as resources:
            pictures = None
            if submissions:
                from backpass.classroom.report.pictures import Pictures

                found = _named_apart([each for path in submissions for each in _found(path, course)])
                pictures = resources.enter_context(Pictures(course, {each.name: each for each in found}))
            progress = resources.enter_context(progress_bar())
            task = progress.add_task("writing pages", total=len(results))
            advance = partial(advance_to, progress, task)
            page = write_report(course, results, folder / "report", names, pictures, advance)
    except ModuleNotFoundError as error:
        if error.name not in ("jinja2", "matplotlib"):
            raise
        raise stop(f"This needs {error.name}: pip install -e '.[instructor,pictures]'") from None
    except (CourseError, ReportError, ResultsError, OSError) as error:
        raise stop(error) from None
    for notice in results.marking.unused():
        console.print(notice, style="yellow", markup=False, highlight=False, soft_wrap=True)
    if pictures is not None and (missing := sum(name not in pictures.hand_ins for name in results.names)):
        console.print(f"No plots of {_count(missing, 'student')}: not among --submissions.", style="yellow")
    if anonymous:
        console.print(f"Who is who: {folder / PSEUDONYMS}. Keep it to yourself.", highlight=False, soft_wrap=True)
    console.print(f"{_count(len(results), 'student')}: {page}", highlight=False, soft_wrap=True)


def _found(path: Path, course: Course) -> list[HandIn]:
    try:
        return find_submissions(path, course.functions)
    except SubmissionError as error:
        raise stop(error) from None


def _named_apart(hand_ins: list[HandIn]) -> list[HandIn]:
    """The same, called by their paths where they have the same name; what is given twice is taken once."""
    hand_ins = list(dict.fromkeys(hand_ins))
    often = Counter(hand_in.name for hand_in in hand_ins)
    return [hand_in if often[hand_in.name] == 1 else replace(hand_in, name=hand_in.longer_name) for hand_in in hand_ins]


def _show(record: dict[str, Any]) -> None:
    """One graded submission on the screen: what a newcomer wants to see of a few."""
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
