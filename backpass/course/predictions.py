"""The questions within a lesson: a few lines whose output is predicted first and looked at then.

In `README.md` they read

    **Predict, then run** (`backpass run losses.1`). What does each of the two losses say?

    ```python
    from losses import mse_loss
    ...
    ```

    <details><summary>Answer</summary>

    ```text
    4.125
    ```

    Why it is so.

    </details>
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import zip_longest

from backpass.course.manifest import Course, CourseError

_FORM = re.compile(
    r"^\*\*Predict, then run\*\* \(`backpass run (?P<name>[\w.]+)`\)\. (?P<question>[^`]*?(?:`[^`\n]+`[^`]*?)*)\n\n"
    r"```python\n(?P<code>.*?)```\n\n"
    r"<details><summary>Answer</summary>\n\n```text\n(?P<output>.*?)```\n\n(?P<why>.*?)\n\n</details>$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Prediction:
    """One question: the `code`, what it prints with right functions, and `why`."""

    name: str
    question: str
    code: str
    output: str
    why: str


def predictions(course: Course, unit: str) -> list[Prediction]:
    """Those of a unit's lesson, in their order; CourseError where the unit has no lesson."""
    course.unit(unit)
    path = course.root / "exercises" / unit / "README.md"
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise CourseError(f"{path} is not here.") from None
    return [Prediction(**found.groupdict()) for found in _FORM.finditer(text)]


def prediction(course: Course, name: str) -> tuple[Prediction, Prediction | None]:
    """The one called `losses.1`, or the first of `losses`, and the one behind it; CourseError says which there are."""
    unit, _, number = name.partition(".")
    known = predictions(course, unit)
    for each, following in zip_longest(known, known[1:]):
        if each.name == name or not number:
            return each, following
    names = ", ".join(each.name for each in known)
    raise CourseError(
        f"{course.lesson(unit)} has no question {name!r}. " + (f"It has {names}." if names else "It has none to run.")
    )
