"""`%load_ext backpass` in JupyterLab, VS Code and Colab: `%%exercise losses.softmax` judges the cell that it stands in.

The cell is run as any other, and judged in a fresh process beside the kernel, which can be killed.
"""

from __future__ import annotations

import ast
import atexit
import html
from pathlib import Path
from types import ModuleType
from typing import Any

from backpass.course.folder import material
from backpass.course.manifest import Course, CourseError, Exercise, find_root
from backpass.course.stubs import STUBS
from backpass.studying.progress import DONE, Progress
from backpass.wrapping import first_lines

_COLOURS = {DONE: "#2e7d32", None: "#b58900"}
_WRONG = "#c62828"
_BOX = '<div style="border-left: 4px solid {colour}; padding: 0.2em 1em"><b>{head}</b>{body}</div>'
_TEXT = '<pre style="white-space: pre-wrap; background: none; margin: 0.6em 0">{text}</pre>'


class Cells:
    """What was judged in this notebook: the last right to be called an exercise's own is the last cell of it."""

    def __init__(self, shell: Any) -> None:
        self._shell = shell
        self._judge: Any = None
        self._course: Course | None = None
        self._cells: dict[str, str] = {}  # by exercise

    def exercise(self, line: str, cell: str) -> None:
        """Run the cell, and judge it: `%%exercise losses.softmax`. Without a name, by the function that it defines."""
        ran = self._shell.run_cell(cell)
        if ran.error_before_exec is not None or ran.error_in_exec is not None:
            return  # which IPython has displayed
        try:
            course = self._course = self._course or _course()
            exercise = _named(course, line.strip(), cell)
        except CourseError as error:
            _display("", str(error), _WRONG)
            return
        self._cells[exercise.id] = cell
        try:
            self._tell(course, exercise)
        except KeyboardInterrupt:
            _display(exercise.id, "Stopped.", _COLOURS[None])

    def close(self) -> None:
        """End the processes beside the kernel."""
        if self._judge is not None:
            self._judge.__exit__()
            self._judge = None

    def _tell(self, course: Course, exercise: Exercise) -> None:
        from backpass.studying.judge import Judge

        self._judge = self._judge or Judge(course, fresh=True, file=lambda unit: "this cell")
        sources = self._sources(course, exercise)
        verdict = self._judge.verdict(exercise, sources)
        state, message = verdict.state, verdict.message
        has_graders = (course.root / "graders").is_dir()
        if state == DONE and has_graders:
            result = self._judge.hidden([exercise], sources)[0]
            state, message = (DONE if result.status == "passed" else "wrong"), result.message
        if (course.root / "starter").is_dir():  # not the course in the installed package
            Progress(course).record({exercise.id: state})
        if verdict.printed:
            message += f"\n\nYour code printed (hidden graders ask for silence):\n{first_lines(verdict.printed)}"
        passes = "passes." if has_graders else "passes all its public checks."
        head = f"{exercise.id} {passes}" if state == DONE else f"{exercise.id}   {exercise.title}"
        _display(head, message.strip(), _COLOURS.get(state, _WRONG))

    def _sources(self, course: Course, exercise: Exercise) -> dict[str, bytes]:
        """The modules that the cells make up; the cell comes first, with its lines numbered as in the notebook."""
        sources = {}
        for unit in course.unit_names:
            file = course.root / "starter" / f"{unit}.py"
            cells = [cell for name, cell in self._cells.items() if name.startswith(f"{unit}.") and name != exercise.id]
            if unit == exercise.unit:
                cells.insert(0, self._imports(course, unit) + "\n" + self._cells[exercise.id])
            elif cells:
                cells.insert(0, self._imports(course, unit))
            elif file.is_file():
                cells = [file.read_text(encoding="utf-8")]
            if cells:
                sources[unit] = "\n\n".join(cells).encode()
        return sources

    def _imports(self, course: Course, unit: str) -> str:
        """In one line what a stub's module imports, and the modules that the notebook has."""
        stub = ast.parse((course.root / "exercises" / unit / STUBS).read_text(encoding="utf-8"))
        lines = [ast.unparse(node) for node in stub.body if isinstance(node, ast.Import | ast.ImportFrom)]
        modules = {name: value.__name__ for name, value in self._shell.user_ns.items() if isinstance(value, ModuleType)}
        lines += [f"import {module} as {name}" for name, module in modules.items() if not name.startswith("_")]
        return "; ".join(lines)


def load(shell: Any) -> None:
    """Make `%%exercise` known to an IPython."""
    cells = Cells(shell)
    shell.register_magic_function(cells.exercise, "cell", "exercise")
    atexit.register(cells.close)


def _course() -> Course:
    """The course of the notebook's folder, or the one that the installed package brings along."""
    try:
        return Course.load(find_root(Path.cwd()))
    except CourseError:
        return material()


def _named(course: Course, name: str, cell: str) -> Exercise:
    if name:
        return course.exercise(name)
    defined = [node.name for node in ast.parse(cell).body if isinstance(node, ast.FunctionDef)]
    known = [each for each in course.exercises.values() if each.name in defined]
    if not known:
        raise CourseError("This cell defines no function of an exercise. Say which it is: %%exercise losses.softmax")
    return known[-1]


def _display(head: str, text: str, colour: str) -> None:
    from IPython.display import display

    body = _TEXT.format(text=html.escape(text)) if text else ""
    page = _BOX.format(colour=colour, head=html.escape(head), body=body)
    display({"text/html": page, "text/plain": f"{head}\n\n{text}".strip()}, raw=True)  # type: ignore[no-untyped-call]
