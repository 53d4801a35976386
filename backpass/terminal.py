"""What every command shares: the console, the course that it is typed in, and how it stops with one clear line."""

from __future__ import annotations

import typer
from rich.console import Console

from backpass.course import Course, CourseError, find_root

console = Console()


def course_here() -> Course:
    """The course of the current folder."""
    try:
        return Course.load(find_root())
    except CourseError as error:
        raise stop(error) from None


def stop(reason: Exception | str) -> typer.Exit:
    """Display why a command cannot go on; what to raise then."""
    console.print(str(reason), style="red", highlight=False, soft_wrap=True)
    return typer.Exit(2)


def instructors_course() -> Course:
    """The course with the folders that only instructors have."""
    course = course_here()
    missing = [name for name in ("graders", "solutions") if not (course.root / name).is_dir()]
    if missing:
        raise stop(f"This edition of the course has no {' and no '.join(missing)}: this is for instructors.")
    return course
