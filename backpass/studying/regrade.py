"""The command `backpass regrade-request`: a student asks to have a mark looked at again."""

from __future__ import annotations

from typing import Annotated

import typer

from backpass.course.manifest import CourseError
from backpass.student.requests import add_request
from backpass.terminal import console, course_here, stop


def run(
    exercise: Annotated[str, typer.Argument(metavar="EXERCISE", help="Such as softmax.")],
    sentence: Annotated[str, typer.Argument(metavar="SENTENCE", help="Why the mark should be another, in quotes.")],
) -> None:
    """Ask to have a mark looked at again: hand the file that this writes in with your modules."""
    course = course_here()
    try:
        found = course.exercise(exercise)
        path = add_request(course.root / "starter", found.id, sentence.strip())
    except (CourseError, OSError, ValueError) as error:
        raise stop(error) from None
    console.print(f"Your request about {found.id} is in {path}: hand it in with your modules.", soft_wrap=True)
