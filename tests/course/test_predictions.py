"""The questions in the lessons: with right functions they print what their answers say."""

import contextlib
import importlib
import io
import shutil
import sys

import pytest
from typer.testing import CliRunner

from backpass.cli import app
from backpass.course.manifest import Course, CourseError, find_root
from backpass.course.predictions import prediction, predictions
from backpass.studying.progress import Progress

COURSE = Course.load(find_root())
ALL = [each for unit in COURSE.unit_names for each in predictions(COURSE, unit)]


@pytest.fixture(scope="module", autouse=True)
def solutions():
    """The reference solutions, importable as the student's own modules are."""
    with pytest.MonkeyPatch.context() as patch:
        for unit in COURSE.unit_names:
            patch.setitem(sys.modules, unit, importlib.import_module(f"solutions.{unit}"))
        yield


@pytest.mark.parametrize("asked", ALL, ids=lambda asked: asked.name)
def test_the_answer_is_what_the_lines_print(asked):
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(asked.code, {})
    assert printed.getvalue() == asked.output
    assert asked.why.strip()


@pytest.mark.parametrize("unit", COURSE.unit_names)
def test_they_are_numbered_and_none_is_missed(unit):
    text = (COURSE.root / "exercises" / unit / "README.md").read_text()
    names = [each.name for each in predictions(COURSE, unit)]
    assert names == [f"{unit}.{number + 1}" for number in range(len(names))]
    assert len(names) == text.count("Predict, then run") == text.count("<details>") - text.count("details>?")


def test_an_unknown_question_lists_those_that_there_are():
    with pytest.raises(CourseError, match=r"backprop\.1"):
        prediction(COURSE, "backprop.99")
    with pytest.raises(CourseError, match="There is no unit"):
        prediction(COURSE, "nowhere.1")


def test_a_lesson_without_questions_is_said_to_have_none(tmp_path):
    shutil.copy2(COURSE.root / "course.toml", tmp_path)
    (tmp_path / "exercises" / "losses").mkdir(parents=True)
    (tmp_path / "exercises" / "losses" / "README.md").write_text("Charge errors.")
    with pytest.raises(CourseError, match="It has none to run"):
        prediction(Course.load(tmp_path), "losses")


def test_the_command_runs_ones_own_functions(tmp_path, monkeypatch):
    asked = predictions(COURSE, "losses")[0]
    for path in ("course.toml", "exercises", "solutions"):
        (tmp_path / path).symlink_to(COURSE.root / path)
    (tmp_path / "starter").mkdir()
    monkeypatch.chdir(tmp_path)
    run = CliRunner().invoke
    stub = tmp_path / "starter" / "losses.py"
    stub.write_text((COURSE.root / "starter" / "losses.py").read_text())
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    monkeypatch.delitem(sys.modules, "losses")
    result = run(app, ["run", asked.name])
    assert result.exit_code == 2 and "is not written yet" in result.output and "losses.py:" in result.output
    stub.write_text((COURSE.root / "solutions" / "losses.py").read_text())
    Progress(Course.load(tmp_path)).go_to(COURSE.exercise("softmax"))
    result = run(app, ["run"])  # the unit's first, where one is
    assert "Next: backpass run losses.2" in result.output
    assert result.exit_code == 0 and asked.output.split()[0] in result.output and "With right" not in result.output


@pytest.mark.parametrize("unit", COURSE.unit_names)
def test_every_section_that_teaches_asks(unit):
    """All but the beginning and the four at the end: what goes wrong, where it is used, what to read and to do."""
    text = (COURSE.root / "exercises" / unit / "README.md").read_text()
    sections = dict(part.partition("\n")[::2] for part in text.split("\n## ")[1:])
    closing = {"How it goes wrong, and how you would notice", "Where it is used", "Further reading", "Next"}
    assert closing - {"Further reading"} <= sections.keys()
    silent = [name for name, said in sections.items() if name not in closing and "Predict, then run" not in said]
    assert not silent
