"""The notebooks of a unit, made from the course's texts: `quiz`, `code` and `lab`.

They hold nothing that a student may not see: right answers, explanations, rubrics and hidden checks stay in the
folders of the instructor until marks are computed. The same texts give the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from backpass.course.lab_files import lab_names
from backpass.course.manifest import Course
from backpass.course.quizzes import FINAL, TO_PASS, Question, Quiz
from backpass.course.words import listed
from backpass.labs.brief import Criterion, Lab, load_lab
from backpass.notebooks.parts import Part

SEED = "backpass_seed"  # of a quiz, among a notebook's metadata
SCORE = "-score"
CRITERION = "criterion-"

# nbgrader gives full marks to a cell that runs without an error. Should somebody autograde without the course's
# configuration, these lines, which nbgrader takes out of what students get, make that no marks at all.
_NEVER_BY_A_KERNEL = """
### BEGIN HIDDEN TESTS
raise RuntimeError("This cell is not marked by running it: use the course's own nbgrader_config.py.")
### END HIDDEN TESTS"""


def modules_for(course: Course, unit: str) -> list[str]:
    """The units whose modules a student needs for one unit's assignment, in the order of the course."""
    named = set(re.findall(r"`(\w+)`", load_lab(course, unit).computation)) if unit in lab_names(course) else set()
    also = [id for id, exercise in course.declared.items() if exercise.name in named]
    others = course.needed([unit], also)
    return [each.name for each in course.whole if each.name in others or each.name == unit]


def quiz_notebook(quiz: Quiz, seed: str = "") -> NotebookNode:
    """The quiz: an answer is a plain variable, and a locked cell after it carries the marks.

    `seed`: what the quiz was drawn with. It is kept in the notebook, which is marked with the same one.
    """
    head = (
        f"# {quiz.title}\n\nOne point per question. Write each answer into the cell below its question, as a value: "
        'a letter in quotes such as `"b"`, letters in braces such as `{"a", "c"}` where you are to select all that '
        "apply, or a number. Running a cell tells only whether your answer can be read; marks come back when you "
        "have handed in."
    )
    if quiz.name == FINAL:
        head += f" This is the module test: {TO_PASS:.0%} are needed to pass."
    cells = [_read_only("introduction", head)]
    for number, question in enumerate(quiz.questions, 1):
        variable = f"q{number}"
        choices = "".join(f"\n- **{letter}**: {_one_line(text)}" for letter, text in question.choices.items())
        cells += [
            _read_only(f"{question.id}-text", f"**{number}.** {_one_line(question.text)}\n{choices}".rstrip()),
            _answer(question.id, f"{variable} = {'set()' if question.kind == 'several' else None}"),
            _score(question.id + SCORE, 1, _form(question, variable)),
        ]
    notebook = _notebook(cells)
    notebook.metadata[SEED] = seed
    return notebook


def code_notebook(part: Part) -> NotebookNode:
    """A place in the gradebook for each exercise of an assignment; what is marked are the modules beside it."""
    units, exercises = part.course.units, part.course.exercises.values()
    points = sum(exercise.points for exercise in exercises)
    modules = listed([f"`{unit.name}.py`" for unit in units])
    others = [f"`{name}`" for name in modules_of(part) if name.removesuffix(".py") not in part.course.unit_names]
    count = f"{len(exercises)} {'exercise' if len(exercises) == 1 else 'exercises'}"
    head = (
        f"# Code. {part.title}\n\nWhat is marked is {modules}, in the folder of this notebook: {count}, {points:g} "
        "points. Work on it here; or in your copy of the course, and then put the files of your `starter/` here. "
        "Functions that you write in this notebook count where the module still has the stub.\n\n"
        "The cells below run the public checks: they fail until the function is right on their examples. The hidden "
        "checks run when you have handed in; what they find comes back with the marks."
    )
    if others:
        head += (
            f"\n\nIt builds on other units: put your own {listed(others)} here too. For what is not right in "
            f"{'it' if len(others) == 1 else 'them'} you lose nothing here."
        )
    cells = [_read_only("introduction", head)]
    for exercise in exercises:
        text = (
            f"# {exercise.title}: {exercise.points:g} points.\nfrom checks import check\n"
            f'check("{exercise.id}", globals())'
        )
        cells.append(_score(exercise.name + SCORE, exercise.points, text))
    return _notebook(cells)


def modules_of(part: Part) -> list[str]:
    """The modules that a student needs for an assignment, in the order of the course."""
    needed = {name for unit in (*part.course.unit_names, *part.labs) for name in modules_for(part.course, unit)}
    return [f"{unit.name}.py" for unit in part.course.whole if unit.name in needed]


def lab_notebook(lab: Lab, rubric: Iterable[Criterion]) -> NotebookNode:
    """The write-up: free cells for the student, and for each criterion a locked cell for whoever marks it."""
    cells = [
        _read_only("brief", f"# {lab.title}\n\n## Brief\n\n{lab.brief}"),
        _read_only("task", f"## Task\n\n{lab.task}"),
        _read_only("computation", f"## Computation\n\n{lab.computation}"),
        _free_code("computation-code", "# Your computation. The functions are in the modules beside this notebook."),
        _read_only(
            "write-up",
            "## Your write-up\n\nWrite in as many cells as you like. In your copy of the course, "
            f"`backpass lab {lab.unit}` lets {lab.peer} answer what you write; the file that it keeps is a draft.",
        ),
        _free_text("write-up-text", "*Here.*"),
        _read_only("challenges", f"## {lab.peer}\n\n{lab.setting} Answer each challenge."),
    ]
    for number, challenge in enumerate(lab.challenges, 1):
        cells += [
            _read_only(f"challenge-{number}", f"**{number}.** {lab.peer}: “{challenge.text}”"),
            _free_text(f"challenge-{number}-text", "*Your answer.*"),
        ]
    cells.append(_read_only("marks", "## Marks\n\nThe cells below are for whoever marks your write-up."))
    for number, criterion in enumerate(rubric, 1):
        cells.append(_task(f"{CRITERION}{number}", criterion.points))
    return _notebook(cells)


def _form(question: Question, variable: str) -> str:
    """What a student can find out by running the cell after an answer: whether it has the form of one."""
    letters = ", ".join(question.choices)
    quoted = ", ".join(f'"{letter}"' for letter in question.choices)
    if question.kind == "number":
        test, wanted = f"isinstance({variable}, (int, float))", "write a number"
    elif question.kind == "one":
        test, wanted = f"{variable} in ({quoted})", f"write one of {letters}, in quotes"
    else:
        test = f"isinstance({variable}, set) and {variable} and {variable} <= {{{quoted}}}"
        wanted = f"write letters of {letters}, in quotes and braces"
    told = f'f"{variable} is {{{variable}!r}}: {wanted}."'
    return f"# 1 point. This only tells whether the answer can be read.\nassert {test}, {told}"


def _notebook(cells: list[NotebookNode]) -> NotebookNode:
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel, "language_info": {"name": "python"}})


def _read_only(name: str, text: str) -> NotebookNode:
    return new_markdown_cell(text, id=name, metadata=_metadata("markdown", name, locked=True))


def _answer(name: str, source: str) -> NotebookNode:
    return new_code_cell(source, id=name, metadata=_metadata("code", name, solution=True))


def _score(name: str, points: float, source: str) -> NotebookNode:
    metadata = _metadata("code", name, locked=True, grade=True, points=points)
    return new_code_cell(source + _NEVER_BY_A_KERNEL, id=name, metadata=metadata)


def _task(name: str, points: float) -> NotebookNode:
    text = f"Out of {points:g} points."
    return new_markdown_cell(text, id=name, metadata=_metadata("markdown", name, locked=True, task=True, points=points))


def _free_text(name: str, text: str) -> NotebookNode:
    return new_markdown_cell(text, id=name)


def _free_code(name: str, source: str) -> NotebookNode:
    return new_code_cell(source, id=name)


def _metadata(cell_type: str, name: str, **roles: bool | float) -> dict[str, object]:
    """What nbgrader wants to know of a cell; `roles` that are not named do not apply."""
    none: dict[str, object] = dict.fromkeys(("grade", "solution", "locked", "task"), False)
    return {"nbgrader": {**none, **roles, "schema_version": 3, "cell_type": cell_type, "grade_id": name}}


def _one_line(text: str) -> str:
    return " ".join(text.split())
