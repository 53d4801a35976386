"""`backpass run losses.1`: a question of a lesson, answered by one's own functions."""

from __future__ import annotations

import contextlib
import io
import sys
import traceback
from pathlib import Path
from typing import Annotated

import typer
from rich.padding import Padding
from rich.syntax import Syntax
from rich.text import Text

from backpass.course.manifest import Course, CourseError
from backpass.course.predictions import Prediction, prediction
from backpass.studying.progress import Progress
from backpass.terminal import console, course_here, markdown, stop

Name = Annotated[
    str | None,
    typer.Argument(
        metavar="[QUESTION]", help="Such as losses.1, as the lesson says. The unit's first where you are by default."
    ),
]


def run(name: Name = None) -> None:
    """Run a few lines of a lesson with your own functions, after a guess of what they print."""
    course = course_here()
    current = Progress(course).current or [*course.exercises.values()][-1]
    try:
        asked, following = prediction(course, name or current.unit)
    except CourseError as error:
        raise stop(error) from None
    console.print(markdown(asked.question))
    console.print(Padding(Syntax(asked.code.rstrip(), "python", background_color="default", word_wrap=True), (1, 2)))
    if sys.stdin.isatty():
        with contextlib.suppress(EOFError):
            console.input("Your guess, then Enter: ")
    printed = _printed(course, asked)
    console.print(Padding(Text(printed.rstrip()), (0, 2)))
    if printed.split() == asked.output.split():
        console.print(markdown(asked.why))
    else:
        console.print("With right functions it prints\n", style="yellow")
        console.print(Padding(Text(asked.output.rstrip()), (0, 2)))
        unit = asked.name.partition(".")[0]
        console.print(f"\npytest exercises/{unit} says more. The answer is in {course.lesson(unit)}", highlight=False)
    if following is not None:
        console.print(f"\nNext: backpass run {following.name}", highlight=False)


def _printed(course: Course, asked: Prediction) -> str:
    """What the lines print with the functions in `starter/`; an error is told as Python does, from these lines on."""
    from backpass.worker.asking import modules_in

    modules_in(course, course.root / "starter")
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed):
            exec(compile(asked.code, f"<{asked.name}>", "exec"), {"__name__": asked.name})
    except NotImplementedError as error:
        stub = traceback.extract_tb(error.__traceback__)[-1]
        place = Path(stub.filename)
        place = place.relative_to(course.root) if place.is_relative_to(course.root) else place
        raise stop(f"`{stub.name}` is not written yet: {place}:{stub.lineno}") from None
    except Exception as error:
        shown = traceback.format_exception(error.with_traceback(error.__traceback__ and error.__traceback__.tb_next))
        return printed.getvalue() + "".join(shown)
    return printed.getvalue()
