"""What a student types: the overview, hints, resets, solutions, quizzes, and the file that remembers."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from backpass.cli import app
from backpass.course.manifest import Course
from backpass.studying.progress import Progress

ROOT = Path(__file__).resolve().parents[2]
QUIZ = """
title = "Two questions and a number"

[[questions]]
id = "first"
kind = "one"
text = "Which?"
[questions.choices]
a = "This."
b = "That."

[[questions]]
id = "both"
kind = "several"
text = "Select all that apply."
[questions.choices]
a = "One."
b = "Two."
c = "Three."

[[questions]]
id = "how_many"
kind = "number"
text = "How many? To one decimal."
"""
KEY = """
[first]
right = "b"
[first.why]
a = "It is not this."
b = "That is it."

[both]
right = ["a", "c"]
[both.why]
a = "One belongs."
b = "Two does not belong."
c = "Three belongs."

[how_many]
right = 2.3
tolerance = 0.05
[how_many.why]
right = "Counted well."
wrong = "Count again."
[[how_many.slips]]
value = 10
why = "Take the logarithm."
"""


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A student's folder: a copy of the course, in which a command is typed."""
    for name in ("exercises", "starter", "solutions"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "course.toml", tmp_path)
    (tmp_path / "exercises" / "losses" / "quiz.toml").write_text(QUIZ)
    (tmp_path / "solutions" / "quizzes").mkdir(exist_ok=True)
    (tmp_path / "solutions" / "quizzes" / "losses.toml").write_text(KEY)
    monkeypatch.chdir(tmp_path)
    return Course.load(tmp_path)


def run(*arguments, typed=""):
    return CliRunner().invoke(app, list(arguments), input=typed)


def test_the_overview_says_what_is_done_and_what_is_next(course):
    Progress(course).record({"neurons.neuron": "done", "neurons.linear": "wrong"})
    result = run()
    assert result.exit_code == 0
    assert f"1 of {len(course.exercises)} exercises done" in result.output
    assert "Next: neurons.linear" in result.output
    assert "starter/neurons.py:" in result.output


def test_the_overview_says_what_is_due(course):
    due = '[[assignments]]\nname = "hw1"\ntitle = "Homework 1"\nunits = ["losses"]\ndue = 2026-10-12T23:59:00+02:00\n'
    (course.root / "assignments.toml").write_text(due)
    assert "Homework 1 is due at 2026-10-12 23:59 UTC+02:00." in run().output


def test_a_course_that_is_done_leads_to_the_module_test(course):
    Progress(course).record(dict.fromkeys(course.exercises, "done"))
    assert "backpass quiz final" in run().output


def test_commands_that_judge_nothing_do_without_torch(course):
    code = """
import sys
import webbrowser
from typer.testing import CliRunner
from backpass.cli import app
webbrowser.open = lambda page: True
for line in ("", "lesson", "hint", "quiz losses", "lab losses", "solution softmax", "reset softmax", "--help"):
    CliRunner().invoke(app, line.split(), input="q\\n", catch_exceptions=False)
    assert "torch" not in sys.modules, line
"""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", code], cwd=course.root, env=environment, check=True)


def test_without_a_name_commands_mean_where_one_is(course):
    assert "Hint 1 of" in run("hint", "adam_step").output
    assert "optimizers.adam_step" in run().output
    assert "adam_step is a stub again" in run("reset").output
    assert "Hint 2 of" in run("hint").output
    Progress(course).record({"optimizers.adam_step": "done"})
    assert "adam_step" not in run("hint").output


def test_the_help_of_a_student_has_what_a_student_can_do(course):
    listed = run("--help").output
    assert "watch" in listed and "check" in listed
    assert "nbgrader" not in listed and "release" not in listed
    assert "no graders" in run("check").output


def test_hints_come_one_by_one_and_then_all_together(course):
    hints = course.exercises["optimizers.adam_step"].hints
    for number, text in enumerate(hints, 1):
        output = " ".join(run("hint", "adam_step").output.split())
        assert f"Hint {number} of 3" in output
        assert " ".join(text.split()) in output
    output = " ".join(run("hint", "adam_step").output.split())
    assert all(" ".join(text.split()) in output for text in hints)
    assert Progress(course).hints("optimizers.adam_step") == 3


def test_reset_puts_one_stub_back_and_keeps_the_old_text(course):
    file = course.root / "starter" / "losses.py"
    fresh = file.read_text()
    mine = fresh.replace("raise NotImplementedError", "return 1")
    file.write_text(mine)
    result = run("reset", "softmax")
    assert result.exit_code == 0, result.output
    text = file.read_text()
    assert text.count("raise NotImplementedError") == 1
    assert (
        text.partition("def softmax")[2].partition("\ndef ")[0]
        == fresh.partition("def softmax")[2].partition("\ndef ")[0]
    )
    assert [each.read_text() for each in (course.root / "backups").iterdir()] == [mine]


def test_reset_works_in_a_file_that_does_not_parse(course):
    file = course.root / "starter" / "neurons.py"
    fresh = file.read_text()
    file.write_text(fresh.replace("    raise NotImplementedError", "    return (((", 1))
    assert run("reset", "neuron").exit_code == 0
    assert file.read_text() == fresh
    file.unlink()
    assert run("reset", "neuron").exit_code == 0
    assert file.read_text() == fresh


def test_a_solution_is_shown_without_a_question_once_it_is_solved(course):
    asked = run("solution", "softmax", typed="n\n")
    assert asked.exit_code == 1
    assert "is not solved yet" in asked.output
    assert "def softmax" not in asked.output
    assert "def softmax" in run("solution", "softmax", typed="y\n").output
    Progress(course).record({"losses.softmax": "done"})
    shown = run("solution", "softmax")
    assert "def softmax" in shown.output
    assert "not solved" not in shown.output


def test_an_edition_without_solutions_says_so_in_one_sentence(course):
    shutil.rmtree(course.root / "solutions")
    for command in (("solution", "softmax"), ("quiz", "losses")):
        result = run(*command, typed="y\n")
        assert result.exit_code == 2
        assert "This edition of the course has no" in result.output
        assert len(result.output.strip().splitlines()) == 1


def test_a_quiz_explains_every_answer_and_remembers_the_best_score(course):
    result = run("quiz", "losses", "--seed=", typed="x\na\nac\n10\n")
    assert "One of a, b is asked for." in result.output
    assert "It is not this." in result.output
    assert "Take the logarithm." in result.output
    assert "33%" in result.output
    assert "exercises/losses/README.md" in result.output
    result = run("quiz", "losses", "--seed=", typed="b\na, c\n2,3\n")
    assert "100%" in result.output
    assert Progress(course).score("losses") == 1
    assert "Stopped; this quiz was not counted." in run("quiz", "losses", "--seed=", typed="b\nq\n").output
    assert "Stopped" in run("quiz", "losses", "--seed=", typed="b\n").output
    assert Progress(course).score("losses") == 1


def test_outside_of_a_course_it_says_how_to_get_one(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("backpass.course.manifest.__file__", str(tmp_path / "a" / "package" / "manifest.py"))
    assert "`backpass init` makes one" in run().output


def test_names_that_do_not_exist_are_told(course):
    assert "Did you mean" in run("hint", "adamstep").output
    assert "There is no unit 'loses'" in run("quiz", "loses").output


def test_progress_keeps_what_it_does_not_understand(course):
    file = course.root / "progress.toml"
    file.write_text(
        '# mine\nmood = "good"\n\n[exercises]\n"neurons.neuron" = "done"\n"x.y" = 7\n\n[badges]\ngold = 3\n'
    )
    progress = Progress(course)
    progress.record({"neurons.linear": "wrong"})
    progress.take_hint("neurons.linear")
    text = file.read_text()
    assert text.startswith("# mine")
    data = tomllib.loads(text)
    assert data["badges"] == {"gold": 3}
    assert data["exercises"]["x.y"] == 7
    assert progress.state("neurons.neuron") == "done"
    assert progress.state("x.y") is None


def test_a_file_that_cannot_be_read_is_put_aside(course):
    file = course.root / "progress.toml"
    file.write_text("[exercises\nneuron = ")
    result = run()
    assert result.exit_code == 0
    assert "progress.toml could not be read" in result.output
    assert (course.root / "progress.toml.unreadable").read_text() == "[exercises\nneuron = "
    assert "could not be read" not in run().output


def test_pytest_writes_down_what_all_checks_of_an_exercise_say(course):
    shutil.copy(ROOT / "pyproject.toml", course.root)
    starter, solutions = course.root / "starter" / "neurons.py", course.root / "solutions" / "neurons.py"
    starter.write_text(solutions.read_text().replace("return x @ weight.T + bias", "return x @ weight.T - bias"))
    command, env = [sys.executable, "-m", "pytest", "-q", "exercises/neurons"], os.environ | {"PYTHONPATH": str(ROOT)}
    subprocess.run([*command, "-k", "never_nan"], cwd=course.root, env=env, capture_output=True, check=False)
    assert Progress(course).state("neurons.neuron") is None
    subprocess.run(command, cwd=course.root, env=env, capture_output=True, check=False)
    assert Progress(course).state("neurons.neuron") == "done"
    assert Progress(course).state("neurons.linear") == "wrong"
    assert Progress(course)._table("last")["exercise"] == "neurons.linear"  # what it calls next is where one is
    elsewhere = [*command, "--submission", str(course.root / "solutions")]
    subprocess.run(elsewhere, cwd=course.root, env=env, capture_output=True, check=False)
    assert Progress(course).state("neurons.linear") == "wrong"


def test_a_kill_while_it_is_written_leaves_the_old_progress(course, monkeypatch):
    progress = Progress(course)
    progress.record({"neurons.neuron": "done"})

    def killed(descriptor):
        raise KeyboardInterrupt

    monkeypatch.setattr("backpass.studying.progress.os.fsync", killed)
    with pytest.raises(KeyboardInterrupt):
        progress.record({"neurons.linear": "done"})
    assert progress.state("neurons.neuron") == "done"
    assert progress.state("neurons.linear") is None
    assert [path.name for path in course.root.glob("*progress*")] == ["progress.toml"]


def is_narrow(screen):
    return max(map(len, screen.splitlines())) <= 80


def test_the_overview_in_a_real_terminal(course, open_terminal):
    screen = open_terminal(course.root)("Next: neurons.neuron")
    assert is_narrow(screen)
    assert "training" in screen


def test_a_quiz_in_a_real_terminal(course, open_terminal):
    terminal = open_terminal(course.root, "quiz", "losses", "--seed=")
    assert "(b) That." in terminal("1. Which?")
    terminal("Right.", ["b", "Enter"])
    terminal("(b) Two does not belong.", ["a", "b", "c", "Enter"])
    terminal("Take the logarithm.", ["1", "0", "Enter"])
    assert is_narrow(terminal("Read again"))


def test_a_solution_is_asked_for_in_a_real_terminal(course, open_terminal):
    terminal = open_terminal(course.root, "solution", "softmax")
    terminal("Show the solution all the same?")
    assert is_narrow(terminal("def softmax", ["y", "Enter"]))


def test_a_hint_and_a_reset_in_a_real_terminal(course, open_terminal):
    file = course.root / "starter" / "activations.py"
    file.write_text(file.read_text().replace("raise NotImplementedError", "return x"))
    terminal = open_terminal(course.root, "hint", "gelu", "&&", sys.executable, "-m", "backpass", "reset", "gelu")
    screen = terminal("gelu is a stub again")
    assert is_narrow(screen)
    assert "Hint 1 of 3" in screen
    assert file.read_text().count("raise NotImplementedError") == 1
