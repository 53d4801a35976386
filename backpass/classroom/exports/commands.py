"""The commands `backpass export` and `backpass package`: marks and graders for other systems."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from backpass.classroom.adjustments import Marking
from backpass.classroom.exports import canvas, github, gitlab, junit, moodle, packages
from backpass.classroom.exports.gradescope import Visibility
from backpass.classroom.exports.rosters import Matched, RosterError
from backpass.classroom.result_files import ResultsError, read_results
from backpass.classroom.results import SubmissionResult
from backpass.course.manifest import Course, CourseError, find_root
from backpass.terminal import AssignmentName, UnitNames, console, course_here, cut, instructors_course, stop
from backpass.worker.sandbox import Isolation
from backpass.worker.threads import one_thread_a_process

Results = Annotated[Path, typer.Argument(metavar="RESULTS", help="Folder that `backpass grade --out` wrote.")]
Out = Annotated[Path, typer.Option(help="File to write, for the import there.")]
Modules = Annotated[
    Path, typer.Option("--submission", help="Folder of the modules, where the results are of one submission.")
]
AsZero = Annotated[
    bool, typer.Option("--unreadable-as-zero", help="0 for what could not be read or is not there, not an empty cell.")
]


def register(app: typer.Typer) -> None:
    """Add the commands of this module to `app`."""
    export = typer.Typer(no_args_is_help=True, help="Bring results to where marks are kept.")
    export.command("canvas")(export_canvas)
    export.command("moodle")(export_moodle)
    export.command("junit")(export_junit)
    export.command("github")(export_github)
    export.command("gitlab")(export_gitlab)
    package = typer.Typer(no_args_is_help=True, help="Make what Gradescope, GitHub or GitLab needs to run checks.")
    package.command("gradescope")(package_gradescope)
    package.command("github")(package_github)
    package.command("gitlab")(package_gitlab)
    app.add_typer(export, name="export")
    app.add_typer(package, name="package")


def export_canvas(
    results: Results,
    gradebook: Annotated[Path, typer.Argument(metavar="GRADEBOOK", help="The CSV that Canvas exports.")],
    out: Out,
    assignment: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="The assignment of the course; or only what it is called in Canvas."),
    ] = None,
    column: Annotated[str | None, typer.Option(help="What it is called in Canvas, where that is another name.")] = None,
    unit: UnitNames = None,
    unreadable_as_zero: AsZero = False,
) -> None:
    """Fill marks into a gradebook of Canvas, matched by login, ID or name."""
    with _told_clearly():
        course = _course()
        ours = assignment if assignment in {each.name for each in course.assignments} else None
        marking = _marking(results, ours, unit)
        title = column or (assignment if ours is None else None)
        if title is None and marking.course.assignment:
            title = marking.course.assignment.title
        if title is None:
            raise CourseError("Which assignment of Canvas's? Give --assignment, or --column with its title there.")
        matched = canvas.fill_in(
            _marked(marking, results), _input(gradebook, out), title, out, unknown_as_zero=unreadable_as_zero
        )
    _tell(matched, out, marking)


def export_moodle(
    results: Results,
    worksheet: Annotated[Path, typer.Argument(metavar="WORKSHEET", help="The grading worksheet, a CSV of Moodle's.")],
    out: Out,
    assignment: AssignmentName = None,
    unit: UnitNames = None,
    unreadable_as_zero: AsZero = False,
) -> None:
    """Fill marks and comments into a grading worksheet of Moodle, matched by participant, name or address."""
    with _told_clearly():
        marking = _marking(results, assignment, unit)
        matched = moodle.fill_in(
            _marked(marking, results), _input(worksheet, out), out, unknown_as_zero=unreadable_as_zero
        )
    _tell(matched, out, marking)


def export_junit(
    results: Results,
    report: Annotated[Path, typer.Argument(metavar="FILE", help="The report to write, an .xml.")],
    assignment: AssignmentName = None,
    unit: UnitNames = None,
) -> None:
    """Write a JUnit report, for GitLab, Jenkins and other CI servers."""
    with _told_clearly():
        junit.write_junit(_marked(_marking(results, assignment, unit), results), report)
    console.print(f"JUnit report: {report}", soft_wrap=True, markup=False, highlight=False)


def export_github(
    results: Results,
    submission: Modules = Path("starter"),
    summary: Annotated[
        Path | None, typer.Option(envvar="GITHUB_STEP_SUMMARY", help="File to add the summary to; or it is printed.")
    ] = None,
    points: Annotated[Path | None, typer.Option(help="A .json to write the points of one submission to.")] = None,
    output: Annotated[
        Path | None, typer.Option(envvar="GITHUB_OUTPUT", help="File of a step's outputs, for Classroom's reporter.")
    ] = None,
    assignment: AssignmentName = None,
    unit: UnitNames = None,
) -> None:
    """Annotate what is wrong and summarize, in a job of GitHub Actions; hand on points, for GitHub Classroom."""
    graded = _some_graded(results, assignment, unit)
    if len(graded) == 1:
        # Not by the console, which would wrap what GitHub reads by lines.
        for line in github.annotate(graded[0], submission):
            typer.echo(line)
        with _told_clearly():
            if points is not None:
                points.write_text(json.dumps(github.points(graded[0]), indent=1), encoding="utf-8")
            if output is not None:
                with output.open("a", encoding="utf-8") as file:
                    file.write(github.as_output(graded[0]))
    text = github.summary(graded)
    if summary is None:
        typer.echo(text)
        return
    with _told_clearly(), summary.open("a", encoding="utf-8") as file:
        file.write(text)


def export_gitlab(
    results: Results,
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The code quality report to write, a .json.")],
    submission: Modules = Path("starter"),
    assignment: AssignmentName = None,
    unit: UnitNames = None,
) -> None:
    """Write a code quality report of one submission, which GitLab displays in merge requests."""
    graded = _some_graded(results, assignment, unit)
    if len(graded) > 1:
        raise stop(f"{results} has {len(graded)} submissions: a code quality report is about the files of one.")
    with _told_clearly():
        gitlab.write_code_quality(graded[0], submission, out)
    console.print(f"Code quality report: {out}", soft_wrap=True, markup=False, highlight=False)


def package_gradescope(
    destination: Annotated[Path, typer.Argument(metavar="DEST", help="The .zip to write.")],
    isolation: Annotated[
        Isolation, typer.Option(help="`process` grades also where the container leaves the sandbox incomplete.")
    ] = Isolation.sandbox,
    visibility: Annotated[
        Visibility, typer.Option(help="When students see their results of the exercises.")
    ] = Visibility.visible,
    assignment: AssignmentName = None,
    unit: UnitNames = None,
) -> None:
    """Build the autograder for Gradescope, with the hidden graders."""
    one_thread_a_process()
    course = cut(instructors_course(), assignment, unit)
    with _told_clearly():
        size = packages.gradescope_zip(course, destination, isolation, visibility)
    points = sum(exercise.points for exercise in course.exercises.values())
    console.print(f"{destination}: {size / 1e6:.1f} MB", soft_wrap=True, markup=False, highlight=False)
    console.print(
        f"In Gradescope: a programming assignment of {points:g} autograder points, base image Ubuntu 22.04 or newer, "
        "at least one CPU and 2 GB of memory, a timeout of 10 minutes.",
        highlight=False,
    )
    if isolation is Isolation.sandbox:
        console.print(
            "Where its container leaves the sandbox incomplete, nothing is graded: students read that this is not "
            "their doing, and you read what a submission could do. Try it with a submission of your own first; "
            "--isolation process accepts it.",
            highlight=False,
        )
    else:
        console.print(
            "Submissions are graded also where the sandbox is incomplete. They may then read the graders and the "
            "solutions, which are in the same container. The autograder output says how each was isolated.",
            style="yellow",
            highlight=False,
        )


def package_github(
    destination: Annotated[Path, typer.Argument(metavar="DEST", help="A new folder.")],
    assignment: AssignmentName = None,
    unit: UnitNames = None,
) -> None:
    """Write a template repository for students: their edition, with the public checks in GitHub Actions."""
    _write_repository(cut(course_here(), assignment, unit), destination, packages.Platform.github)


def package_gitlab(
    destination: Annotated[Path, typer.Argument(metavar="DEST", help="A new folder.")],
    assignment: AssignmentName = None,
    unit: UnitNames = None,
) -> None:
    """Write a template project for students: their edition, with the public checks in GitLab CI."""
    _write_repository(cut(course_here(), assignment, unit), destination, packages.Platform.gitlab)


def _write_repository(course: Course, destination: Path, platform: packages.Platform) -> None:
    with _told_clearly():
        pipeline = packages.students_repository(course, destination, platform)
    console.print(
        f"{destination} is the student edition; {pipeline.relative_to(destination)} runs its public checks at every "
        "push. Hidden graders do not belong there: whoever can edit a pipeline can print what it reads. Run them in a "
        "repository of your own.",
        soft_wrap=True,
        highlight=False,
    )


@contextmanager
def _told_clearly() -> Iterator[None]:
    """Stop with one line where a file is not what it should be, or cannot be read or written."""
    try:
        yield
    except (CourseError, ResultsError, RosterError, OSError) as error:
        raise stop(error) from None


def _course() -> Course:
    """The course of this folder, or of the kit, which says what results are of."""
    return Course.load(find_root())


def _marking(folder: Path, assignment: str | None, units: list[str] | None) -> Marking:
    """What makes marks of the results in a folder; ResultsError for what was not graded."""
    marking = Marking(_course().only(assignment, units), folder)
    known = {name for result in read_results(folder) for name in result.exercises}
    asked = [name for name in marking.course.exercises if assignment or units]
    missing = dict.fromkeys(name.partition(".")[0] for name in asked if known and name not in known)
    if missing:
        have = ", ".join(dict.fromkeys(name.partition(".")[0] for name in sorted(known)))
        raise ResultsError(f"{folder} has no results of {', '.join(missing)}. It has {have}.")
    return marking


def _marked(marking: Marking, folder: Path) -> list[SubmissionResult]:
    return [marking.of(result) for result in read_results(folder)]


def _some_graded(folder: Path, assignment: str | None, units: list[str] | None) -> list[SubmissionResult]:
    """The same for a pipeline, whose every run is to grade something: stops where nothing was."""
    with _told_clearly():
        graded = _marked(_marking(folder, assignment, units), folder)
    if not graded:
        raise stop(f"{folder} has no results: there was no submission to grade.")
    return graded


def _input(path: Path, out: Path) -> Path:
    if out.exists() and path.exists() and out.samefile(path):
        raise stop(f"{out} is the file that was exported: write to another one, so that it is kept.")
    return path


def _tell(matched: Matched, out: Path, marking: Marking) -> None:
    """Say what was filled in, and stop with 1 where the marks of a submission went nowhere."""
    students = len(matched.by_row) - len(matched.left)
    most = f", out of {matched.maximum:g}" if students else ""
    console.print(f"{out}: marks of {students} students{most}", soft_wrap=True, markup=False, highlight=False)
    for line in marking.unused():
        console.print(line, style="yellow", markup=False, highlight=False, soft_wrap=True)
    for line in matched.left:
        console.print(f"left as it is: {line}", style="yellow", markup=False, highlight=False, soft_wrap=True)
    for line in matched.unmatched:
        console.print(f"not filled in: {line}", style="red", markup=False, highlight=False, soft_wrap=True)
    if matched.unmatched:
        raise typer.Exit(1)
