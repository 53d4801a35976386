"""Marks for notebooks, computed outside of any kernel: quiz answers by the key, modules by the hidden graders.

A cell that carries marks gets them as its output, which is where nbgrader looks. A cell that nothing is known
of is an error: nbgrader itself would give it full marks.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_output
from nbgrader.preprocessors import SaveAutoGrades
from nbgrader.preprocessors.base import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution, is_task
from traitlets import Bool, Enum, Unicode

from backpass.classroom.report.code import code_html, function_of
from backpass.classroom.report.messages import blocks, prose
from backpass.course.manifest import Course, CourseError
from backpass.course.quizzes import Marked, expected_form, load_key, load_quiz, mark
from backpass.judging.result import ExerciseResult
from backpass.labs.brief import load_rubric
from backpass.notebooks.answers import Unreadable, read_answer
from backpass.notebooks.code_marks import links_in, mark_modules, run_cells
from backpass.notebooks.handed_in import UNREADABLE
from backpass.notebooks.parts import CODE, LAB, QUIZ, part
from backpass.notebooks.released import CRITERION, SCORE, SEED
from backpass.notebooks.safe_html import plain_html

RUBRIC = "\n\n<!-- rubric -->\n\n"


@dataclass(frozen=True)
class Score:
    """What a cell is worth: what it is for, the share of its points from 0 to 1, and what to tell in HTML."""

    title: str
    share: float
    told: str


class Marks(NbGraderPreprocessor):
    """nbgrader's preprocessor in the place of the one that runs notebooks."""

    kit = Unicode(help="The folder of the kit, with graders and solutions.").tag(config=True)
    run_labs = Bool(False, help="Whether to run the code of lab write-ups, in the kit's sandbox.").tag(config=True)
    isolation = Enum(
        ("sandbox", "process"), "sandbox", help="`process` marks modules also where the sandbox is incomplete."
    ).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        course = Course.load(Path(self.kit))
        assignment, notebook = resources["nbgrader"]["assignment"], resources["nbgrader"]["notebook"]
        folder = Path(resources["metadata"]["path"])
        made_of = part(course, assignment)
        kind, unit = made_of.notebooks.get(notebook, ("", "")) if made_of else ("", "")
        if kind == QUIZ:
            _write(nb, _quiz_scores(course, unit, nb), nb.metadata.get(UNREADABLE, ""))
        elif kind == CODE:
            # nbgrader follows links where it copies: one to a solution would be full marks.
            linked = links_in(self._submitted(assignment, resources["nbgrader"]["student"]))
            marked = mark_modules(course, assignment, folder, linked, accept_process=self.isolation == "process")
            scores = {name + SCORE: _score(name, *each) for name, each in marked.results.items()}
            _write(nb, scores, marked.unknown)
            nb.cells[1:1] = [new_markdown_cell(plain_html(note)) for note in marked.notes]
        elif kind == LAB:
            _write_rubric(course, unit, nb)
            if self.run_labs:
                run_cells(course, folder, nb, accept_process=self.isolation == "process")
        else:
            raise CourseError(
                f"{assignment}/{notebook}.ipynb is none of the notebooks that `backpass notebooks` writes."
            )
        return nb, resources

    def _submitted(self, assignment: str, student: str) -> Path:
        """Where the work of a student is as it was handed in."""
        courses = self.parent.parent.coursedir  # of the command whose exporter this belongs to
        return Path(courses.format_path(courses.submitted_directory, student, assignment))


class SaveMarks(SaveAutoGrades):
    """nbgrader's preprocessor that writes marks down: what nobody knows is no mark, and waits for a person."""

    def _add_score(self, cell: NotebookNode, resources: dict[str, Any]) -> None:
        super()._add_score(cell, resources)
        if cell.metadata.get("backpass", {}).get(UNREADABLE):
            names = self.notebook_id, self.assignment_id, self.student_id
            grade = self.gradebook.find_grade(cell.metadata.nbgrader.grade_id, *names)
            grade.auto_score, grade.needs_manual_grade = None, grade.manual_score is None
            self.gradebook.db.commit()


def _write(nb: NotebookNode, scores: dict[str, Score], unreadable: str = "") -> None:
    """Put scores where nbgrader looks for them: in the one output of each cell that carries marks.

    `unreadable`: why nothing is known of them, where that is so.
    """
    for cell in nb.cells:
        if not is_grade(cell) or is_solution(cell):
            continue
        name = cell.metadata.nbgrader.grade_id
        if name not in scores:
            raise CourseError(f"Nothing is known of the cell {name}: has the course changed since it was released?")
        score = scores[name]
        points = round(min(max(score.share, 0.0), 1.0) * float(cell.metadata.nbgrader.points), 2)
        told = f"<p>{escape(unreadable)}</p>" if unreadable else score.told
        cell.outputs = [new_output("execute_result", {"text/plain": str(points), "text/html": told})]
        cell.metadata["backpass"] = {"title": score.title, UNREADABLE: bool(unreadable)}
        cell.source = f"# {score.title}"


def _quiz_scores(course: Course, name: str, nb: NotebookNode) -> dict[str, Score]:
    quiz = load_quiz(course, name, nb.metadata.get(SEED, ""))
    key = load_key(course, quiz)
    questions = {question.id: question for question in quiz.questions}
    asked = [cell.metadata.nbgrader.grade_id for cell in nb.cells if is_solution(cell)]
    sources = [cell.source for cell in nb.cells if cell.cell_type == "code" and not is_grade(cell)]
    scores: dict[str, Score] = {}
    for number, id in enumerate(asked, 1):
        if id not in questions:
            continue  # its score cell will be missed
        question = questions[id]
        try:
            answer = read_answer(question, f"q{number}", sources)
            marked = mark(question, key[id], answer)
            if answer is None:
                marked = Marked(0.0, (*marked.explanations, expected_form(question)))
        except Unreadable as problem:
            told = f"`{problem}` is not an answer that can be read."
            marked = Marked(0.0, (told, expected_form(question)))
        verdict = "Right" if marked.is_right else "Not right" if not marked.share else "Partly right"
        explained = "\n\n".join(" ".join(each.split()) for each in marked.explanations)
        scores[id + SCORE] = Score(f"Question {number}", marked.share, _told(verdict, explained))
    return scores


def _score(name: str, result: ExerciseResult, source: bytes) -> Score:
    """The score of an exercise, told with the function in `source`; folded where nothing in it is to blame."""
    told = _told(result.status, result.message, result.mistake)
    code = function_of(source, name, result)
    shown = code_html(code, f"{name}-place") if code else ""
    if code and result.status == "passed":
        shown = f'<details><summary style="display: list-item">The code</summary>{shown}</details>'
    return Score(name, result.points / result.max_points, f"{told}{shown}")


def _told(verdict: str, message: str, mistake: str | None = None) -> str:
    head = f"<strong>{escape(verdict)}</strong>" + (f" ({escape(mistake)})" if mistake else "")
    return f"<p>{head}</p>{message_html(message)}"


def message_html(message: str) -> str:
    """The kit's message as HTML. It quotes a stranger's code, so nothing in it is read as Markdown or HTML."""
    return "".join(
        f"<pre>{escape(block.text)}</pre>" if block.is_code else f"<p>{prose(block.text)}</p>"
        for block in blocks(message)
    )


def _write_rubric(course: Course, unit: str, nb: NotebookNode) -> None:
    """What earns all points, half of them and none, in the cell where they are given; feedback leaves it out."""
    rubric = dict(enumerate(load_rubric(course, unit), 1))
    for cell in filter(is_task, nb.cells):
        name = cell.metadata.nbgrader.grade_id
        criterion = rubric.get(int(name.removeprefix(CRITERION)))
        if criterion is None:
            raise CourseError(f"Nothing is known of the cell {name}: has the rubric changed since it was released?")
        rows = ((criterion.points, criterion.full), (criterion.points / 2, criterion.half), (0, criterion.none))
        table = "".join(f"\n| {points:g} | {text.replace('|', '&#124;')} |" for points, text in rows)
        cell.metadata["backpass"] = {"title": criterion.name}
        cell.source = f"**{criterion.name}**{RUBRIC}| points | for |\n|---|---|{table}"
