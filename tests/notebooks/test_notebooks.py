"""What notebooks are made of: answers read as values, damage undone, a stranger's Markdown made safe."""

import importlib
import json
import re
import sys
from dataclasses import replace

import pytest

pytest.importorskip("nbgrader", reason="nbgrader is not installed: pip install -e '.[nbgrader]'")

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.api import Gradebook
from nbgrader.preprocessors import AssignLatePenalties
from traitlets.config import Config

from backpass.course.lab_files import lab_names
from backpass.course.manifest import Course, CourseError, find_root
from backpass.course.quizzes import TO_PASS, Question, load_key, load_quiz, quiz_names
from backpass.judging.result import ExerciseResult
from backpass.labs.brief import load_lab, load_rubric
from backpass.notebooks import marks
from backpass.notebooks.answers import Unreadable, read_answer
from backpass.notebooks.code_marks import run_cells
from backpass.notebooks.feedback import Page
from backpass.notebooks.folder import _CHECKS, write_course
from backpass.notebooks.handed_in import _cells, restored
from backpass.notebooks.lateness import LatePenalty
from backpass.notebooks.parts import part
from backpass.notebooks.released import code_notebook, lab_notebook, modules_for, quiz_notebook
from backpass.notebooks.safe_html import safe_html

ASSIGNMENTS = """
[[assignments]]
name = "homework-1"
units = ["losses"]
due = 2026-10-12T23:59:00+02:00
late = { percent_a_day = 10 }

[[assignments]]
name = "a-second"
exercises = ["losses.softmax", "activations.relu"]
weights = { losses = 2 }
quizzes = ["losses", "activations"]
"""
CHOICES = dict.fromkeys("abcd", "text")
ONE, SEVERAL, NUMBER = (Question("id", kind, "?", CHOICES, "losses") for kind in ("one", "several", "number"))


@pytest.mark.parametrize(
    ("question", "source", "answer"),
    [
        (ONE, "q1 = 'b'", "b"),
        (ONE, 'q1 = " B "  # sure', "b"),
        (ONE, "q1 = None", None),
        (ONE, "q1 = 'a'\nq1 = 'c'", "c"),
        (ONE, "q1: str = 'a'", "a"),
        (ONE, "q1 = 'a'\nq1 = None", "a"),
        (ONE, "!ls\nq1 = 'a'", "a"),
        (ONE, "q2 = 'a'", None),
        (SEVERAL, "q1 = {'a', 'c'}", frozenset("ac")),
        (SEVERAL, "q1 = ['a', 'c']", frozenset("ac")),
        (SEVERAL, "q1 = set(['d'])", frozenset("d")),
        (SEVERAL, "q1 = set()", None),
        (NUMBER, "q1 = -33.3", -33.3),
        (NUMBER, "q1 = 10000 / (3 * 100)", 10000 / 300),
        (NUMBER, "q1 = 2 ** 0.5", 2**0.5),
    ],
)
def test_an_answer_is_read_as_a_value(question, source, answer):
    assert read_answer(question, "q1", [source]) == answer


@pytest.mark.parametrize(
    ("question", "source"),
    [
        (ONE, "q1 = b"),
        (ONE, "q1 = 3"),
        (ONE, "q1 = {'b'}"),
        (ONE, "q1 = open('key').read()"),
        (ONE, "q1 = 'b' + (\nq1 = "),
        (SEVERAL, "q1 = 'ac'"),
        (SEVERAL, "q1 = {1, 2}"),
        (SEVERAL, "q1 = set(x for x in 'ac')"),
        (NUMBER, "q1 = '33.3'"),
        (NUMBER, "q1 = True"),
        (NUMBER, "q1 = 1 / 0"),
        (NUMBER, "q1 = 10 ** 400 ** 400"),
        (NUMBER, "q1 = (-1) ** 0.5"),
        (NUMBER, "q1 = " + "-" * 100_000 + "1"),
        (NUMBER, "q1 = math.log(2)"),
        (NUMBER, "q1 = 0x" + "f" * 5000),
        (NUMBER, "q1 = a" + ".a" * 5000),
    ],
)
def test_what_is_no_value_is_not_run_but_displayed(question, source):
    with pytest.raises(Unreadable) as problem:
        read_answer(question, "q1", [source])
    assert len(str(problem.value)) <= 80
    assert str(problem.value).startswith("q1")


def test_markdown_of_a_stranger_becomes_harmless_html():
    page = safe_html(
        "*a* < b\n\n> quoted\n\n~~~\nx\n\ny\n~~~\n\n<script>1</script>\n\n[x](javascript:1) [y](data:text/html,1) "
        '<b onclick="1">c</b> ![p](attachment:p.png) ![q](http://host/q.png)',
        {"p.png": {"image/png": "AAAA", "image/svg+xml": "<svg onload=1>"}, "odd": 3},
    )
    assert "<em>a</em> &lt; b" in page
    assert "<blockquote>" in page
    assert "x&#10;&#10;y" in page
    assert 'src="data:image/png;base64,AAAA"' in page
    for harm in ("<script", "javascript", "text/html", "onclick=", "http://host", "svg"):
        assert harm not in page.replace("&lt;", "")
    assert "\n" not in page
    assert "<em>a</em> &lt; b" in safe_html(page)  # a block of HTML is left as it is


def test_messages_are_text_and_code():
    page = marks.message_html("Divide by `n <b>`.\n\n    x = [1]\n    y = 2")
    assert page == "<p>Divide by <code>n &lt;b&gt;</code>.</p><pre>x = [1]\ny = 2</pre>"


def test_a_wrong_function_is_shown_with_its_place_and_nothing_of_it_is_html():
    source = b"def f(x):\n    # <script>1</script>\n    return x + '<b>'\n\n\ndef g(x):\n    return x\n"
    place = {"line": 3, "column": 11, "end_line": 3, "end_column": 20, "expression": "x + '<b>'"}
    result = ExerciseResult("failed", 0, 10, None, "It is <wrong>.", "place", **place)
    score = marks._score("f", result, source)
    assert score.share == 0
    assert score.told.startswith("<p><strong>failed</strong></p><p>It is &lt;wrong&gt;.</p><pre ")
    assert '<mark id="f-place">x + &#39;&lt;b&gt;&#39;</mark>' in score.told
    assert "<script" not in score.told and "def g" not in score.told
    without = marks._score("f", replace(result, line=None), source).told
    assert "def f(x):" in without and "<mark" not in without
    assert "<details" in marks._score("f", replace(result, line=None, status="passed"), source).told
    assert "<pre" not in marks._score("f", result, b"").told  # no module was handed in


def released():
    return quiz_notebook(load_quiz(Course.load(find_root()), "losses"))


@pytest.mark.parametrize(
    "cell",
    [
        {},
        {"metadata": None},
        {"cell_type": "code", "metadata": {"nbgrader": 3}, "source": None},
        {"cell_type": "raw", "metadata": {}, "source": ["<script>", 3]},
        {"cell_type": "markdown", "metadata": {}, "source": "x", "attachments": [1]},
        {"cell_type": "code", "metadata": {"nbgrader": {"grade_id": ["card_payments"]}}, "source": "q1 = 'a'"},
        {"cell_type": "code", "metadata": {"nbgrader": {"grade_id": "card_payments-score"}}, "outputs": "x"},
    ],
)
def test_odd_cells_do_no_harm(cell):
    notebook = restored(released(), [cell])
    nbformat.validate(notebook)
    names = [each.metadata.nbgrader.grade_id for each in notebook.cells if "nbgrader" in each.metadata]
    assert names == [each.metadata.nbgrader.grade_id for each in released().cells]


def test_ones_own_cells_stay_where_they_were():
    course_cells = [json.loads(json.dumps(cell)) for cell in released().cells]
    handed_in = [*course_cells[:3], new_markdown_cell("I doubt it"), new_code_cell("1 + 1"), *course_cells[3:]]
    handed_in[2]["source"] = "q1 = 'd'"
    cells = restored(released(), handed_in).cells
    assert [cell.source for cell in cells[2:5]] == ["q1 = 'd'", "<div><p>I doubt it</p></div>", "1 + 1"]
    assert len(cells) == len(handed_in)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"3", b"\xff\xfe", b'{"cells": 3}', b"[" * 100_000, b'{"nbformat": 9, "cells": []}']
)
def test_a_file_that_is_no_notebook_is_named(tmp_path, content):
    path = tmp_path / "quiz.ipynb"
    path.write_bytes(content)
    cells, problem = _cells(path)
    assert cells == []
    assert problem.startswith("quiz.ipynb is not a notebook that can be read")


def test_a_huge_file_is_not_read(tmp_path):
    path = tmp_path / "quiz.ipynb"
    with path.open("wb") as file:
        file.truncate(2 << 30)
    assert "2,147,483,648 bytes" in _cells(path)[1]


def test_what_would_take_long_to_render_is_shown_as_it_stands(tmp_path):
    own = [new_markdown_cell("*short*"), new_markdown_cell("<div>" * 100_000), new_markdown_cell("*late*")]
    notebook = restored(released(), [json.loads(json.dumps(cell)) for cell in own])
    shown = [cell.source for cell in notebook.cells[:3]]
    assert shown[0] == "<div><p><em>short</em></p></div>"
    assert shown[1].startswith("<div><pre>&lt;div&gt;")
    assert shown[2] == "<div><pre>*late*</pre></div>"
    path = tmp_path / "quiz.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell("") for _ in range(2001)]), path)
    assert _cells(path)[1] == "quiz.ipynb has 2,001 cells; a notebook may have 2,000."


def test_a_cell_that_nothing_is_known_of_is_an_error():
    notebook = released()
    scores = {cell.metadata.nbgrader.grade_id: marks.Score("x", 1.0, "") for cell in notebook.cells}
    marks._write(notebook, scores)
    del scores["card_payments-score"]
    with pytest.raises(CourseError, match="Nothing is known of the cell card_payments-score"):
        marks._write(notebook, scores)


@pytest.mark.parametrize(("share", "points"), [(7.0, "1.0"), (-1.0, "0.0"), (0.335, "0.34")])
def test_marks_are_clamped(share, points):
    notebook = released()
    scores = {cell.metadata.nbgrader.grade_id: marks.Score("x", share, "") for cell in notebook.cells}
    marks._write(notebook, scores)
    cell = next(cell for cell in notebook.cells if cell.metadata.nbgrader.grade)
    assert cell.outputs[0].data["text/plain"] == points


def test_every_unit_has_its_notebooks(course, tmp_path):
    write_course(course, tmp_path / "term")
    for number, unit in enumerate(course.units, 1):
        folder = tmp_path / "term" / "source" / f"{number:02}-{unit.name}"
        found = {path.name for path in folder.iterdir()}
        labs = {"lab.ipynb"} if unit.name in lab_names(course) else set()
        modules = {f"{name}.py" for name in modules_for(course, unit.name)}
        quizzes = {"quiz.ipynb"} if unit.name in quiz_names(course) else set()
        scripts = {"sick_run.py"} if unit.name == "diagnostics" else set()
        assert found == {"code.ipynb", "checks.py"} | quizzes | labs | modules | scripts
    assert [path.name for path in (tmp_path / "term" / "source" / f"{number + 1:02}-final").iterdir()] == ["quiz.ipynb"]


def test_ids_are_unique_and_stable(course):
    for name in quiz_names(course):
        check(quiz_notebook(load_quiz(course, name)), quiz_notebook(load_quiz(course, name)))
    for unit in course.units:
        name = f"{course.unit_names.index(unit.name) + 1:02}-{unit.name}"
        check(code_notebook(part(course, name)), code_notebook(part(course, name)))
    for name in lab_names(course):
        lab, rubric = load_lab(course, name), load_rubric(course, name)
        check(lab_notebook(lab, rubric), lab_notebook(lab, rubric))


def check(notebook, again):
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)
    assert nbformat.writes(notebook) == nbformat.writes(again)


def test_what_a_unit_builds_on_is_attached(course):
    assert modules_for(course, "neurons") == ["neurons"]
    assert modules_for(course, "backprop") == ["losses", "backprop"]
    assert "losses" in modules_for(course, "activations")  # its lab calls cross_entropy
    assert {"optimizers", "schedules", "initialization"} < set(modules_for(course, "training"))


def test_the_cells_of_a_notebook_run_the_public_checks(course, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    stubs = (course.root / "exercises" / "losses" / "stub.py").read_text()
    (tmp_path / "losses.py").write_text(stubs)
    (tmp_path / "checks.py").write_bytes(_CHECKS.read_bytes())
    check = importlib.import_module("checks").check
    solution = (course.root / "solutions" / "losses.py").read_text()
    with monkeypatch.context() as elsewhere:
        elsewhere.setitem(sys.modules, "backpass.notebooks.public_checks", None)  # the kit is not installed
        with pytest.raises(AssertionError, match=r"Not started yet"):
            check("losses.softmax", {})
        (tmp_path / "losses.py").write_text(solution)
        check("losses.softmax", {})
    (tmp_path / "losses.py").write_text(stubs)
    with pytest.raises(AssertionError, match=r"losses\.softmax: Not started yet"):
        check("losses.softmax", {})

    def softmax(logits, dim=-1):
        return logits.exp() / logits.exp().sum(dim, keepdim=True)

    softmax.__module__ = "__main__"  # as in a notebook
    with pytest.raises(AssertionError, match=r"losses\.softmax: "):
        check("losses.softmax", {"softmax": softmax})
    (tmp_path / "losses.py").write_text(solution)
    check("losses.softmax", {})


def test_the_cells_of_a_lab_run_in_the_sandbox(course, tmp_path):
    (tmp_path / "losses.py").write_text("def double(x):\n    return 2 * x\n")
    sources = [
        "from losses import double\nx = double(21)",
        "print('shown')\nx",
        f"open({str(course.root / 'graders' / 'losses' / 'rubric.toml')!r}).read()",
        "1 / 0",
        "double = <",
        "import os; os.system('true')",
    ]
    notebook = new_notebook(cells=[new_code_cell(source) for source in sources])
    run_cells(course, tmp_path, notebook, accept_process=True)
    shown = ["".join(output.text for output in cell.outputs) for cell in notebook.cells]
    assert shown[:2] == ["", "shown\n42\n"]
    assert "Error" in shown[2]
    assert shown[3] == "ZeroDivisionError: division by zero\n"
    assert "SyntaxError" in shown[4]


def test_cells_that_end_the_process_are_told(course, tmp_path):
    notebook = new_notebook(cells=[new_code_cell("import os; os._exit(0)"), new_code_cell("1")])
    run_cells(course, tmp_path, notebook, accept_process=True)
    assert all(cell.outputs[0].text.startswith("Not run: ") for cell in notebook.cells)


@pytest.mark.parametrize(("score", "verdict"), [(12, "Passed."), (11.9, "Not passed: 80 % are needed.")])
def test_the_module_test_says_whether_it_is_passed(score, verdict):
    nbgrader = {"assignment": "16-final", "notebook": "quiz", "score": score, "max_score": 15, "late_penalty": 0}
    page, _ = Page().from_notebook_node(new_notebook(), {"nbgrader": nbgrader, "to_pass": TO_PASS})
    assert f"<b>{verdict}</b>" in page


@pytest.mark.parametrize("name", quiz_names(Course.load(find_root())))
def test_only_where_there_is_no_answer_its_form_is_told(name, course):
    quiz = load_quiz(course, name)
    for letter in "abcd":
        notebook = quiz_notebook(quiz)
        cells = {cell.id: cell for cell in notebook.cells}
        for number, question in enumerate(quiz.questions, 1):
            if question.kind == "one":
                cells[question.id].source = f"q{number} = {letter!r}"
        scores = marks._quiz_scores(course, name, notebook)
        for question in quiz.questions:
            assert ("asked for" in scores[f"{question.id}-score"].told) == (question.kind != "one")


def test_a_notebook_is_marked_with_the_questions_that_it_has(course):
    quiz = load_quiz(course, "final", "autumn-2026")
    assert quiz != load_quiz(course, "final")
    notebook, key = quiz_notebook(quiz, "autumn-2026"), load_key(course, quiz)
    cells = {cell.id: cell for cell in notebook.cells}
    for number, question in enumerate(quiz.questions, 1):
        right = key[question.id].right
        cells[question.id].source = f"q{number} = {set(right) if isinstance(right, frozenset) else right!r}"
    scores = marks._quiz_scores(course, "final", notebook)
    assert [score.share for score in scores.values()] == [1] * 15


def test_assignments_of_the_course_become_nbgraders_with_their_dates_penalties_and_extensions(course, tmp_path):
    for name in ("exercises", "solutions", "graders"):
        (tmp_path / name).symlink_to(course.root / name)
    manifest = re.sub(r"(?m)^points = \d+", "points = 10", (course.root / "course.toml").read_text())
    (tmp_path / "course.toml").write_text(manifest + ASSIGNMENTS)
    term = tmp_path / "term"
    write_course(Course.load(tmp_path), term)
    assert {path.name for path in (term / "source").iterdir()} == {"homework-1", "a-second"}
    names = {path.name for path in (term / "source" / "a-second").iterdir()}
    assert names == {
        "code.ipynb",
        "checks.py",
        "quiz-losses.ipynb",
        "quiz-activations.ipynb",
        "losses.py",
        "activations.py",
    }
    cells = nbformat.read(term / "source" / "a-second" / "code.ipynb", as_version=4).cells
    assert {cell.id: cell.metadata.nbgrader.points for cell in cells[1:]} == {"softmax-score": 20, "relu-score": 10}
    with Gradebook(f"sqlite:///{term / 'gradebook.db'}") as gradebook:
        assert str(gradebook.find_assignment("homework-1").duedate) == "2026-10-12 21:59:00"
    config = Config({"Marks": {"kit": str(tmp_path)}, "CourseDirectory": {"root": str(term)}})
    asks = AssignLatePenalties(config=config)
    asks.assignment_id = "homework-1"
    late = LatePenalty(parent=asks)
    assert late.late_submission_penalty("ada", 50, 25 * 3600) == 10  # two days have begun
    (term / "adjustments.toml").write_text(
        '[[adjustments]]\nstudent = "ada"\nassignment = "homework-1"\ndue = 2026-10-13T23:59:00+02:00\nreason = "Ill"\n'
    )
    assert late.late_submission_penalty("ada", 50, 25 * 3600) == 5
    assert late.late_submission_penalty("ben", 50, 25 * 3600) == 10
    asks.assignment_id = "a-second"
    assert late.late_submission_penalty("ada", 50, 25 * 3600) is None
