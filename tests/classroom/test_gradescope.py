"""The autograder for Gradescope: its results, and the package where Gradescope would unpack it."""

import json
import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import jsonschema
import pytest

from backpass.classroom import pool
from backpass.classroom.exports import autograder, markdown, packages
from backpass.classroom.exports.gradescope import Visibility, results_json
from backpass.classroom.grade import grade_submission
from backpass.classroom.results import SubmissionResult
from backpass.student.submission import Submission
from tests.classroom.graded import ADA, COURSE, MESSAGE, ROOT, backpass, graded

SCHEMA = json.loads((ROOT / "tests" / "data" / "gradescope_schema.json").read_text())


def test_partial_credit_status_and_markdown_for_gradescope():
    results = results_json(ADA, COURSE)
    jsonschema.validate(results, SCHEMA)
    tests = {test["name"].partition(":")[0]: test for test in results["tests"]}
    assert len(tests) == len(COURSE.exercises)
    adam = tests["optimizers.adam_step"]
    assert (adam["score"], adam["max_score"], adam["status"]) == (4.5, 10, "failed")
    assert adam["output"] == markdown.message(MESSAGE)
    assert tests["losses.softmax"]["status"] == "passed"
    assert sum(test["score"] for test in tests.values()) == results["score"] == ADA.points
    assert results["stdout_visibility"] == "hidden"


def test_who_may_not_see_the_tests_yet_does_not_learn_the_points():
    results = results_json(ADA, COURSE, Visibility.after_due_date)
    jsonschema.validate(results, SCHEMA)
    assert results["visibility"] == "after_due_date"
    assert not any("visibility" in test for test in results["tests"])
    assert results["output"] == ""


def test_a_submission_that_cannot_be_read_is_told_once_and_always():
    results = results_json(graded("ada", problem="losses.py has 2,000,000 bytes"), COURSE, Visibility.hidden)
    jsonschema.validate(results, SCHEMA)
    (test,) = results["tests"]
    assert test["visibility"] == "visible"
    assert "2,000,000 bytes" in test["output"]


def test_right_and_empty_submissions_for_gradescope(grader, zygote):
    right = Submission("right", {"losses": (ROOT / "solutions" / "losses.py").read_bytes()})
    for submission, passed in ((right, len(COURSE.unit("losses").exercises)), (Submission("empty", {}), 0)):
        results = results_json(grade_submission(grader, zygote, submission), COURSE)
        jsonschema.validate(results, SCHEMA)
        assert sum(test["status"] == "passed" for test in results["tests"]) == passed
        assert results["score"] == (sum(each.points for each in COURSE.unit("losses").exercises) if passed else 0)


@pytest.fixture(scope="module")
def gradescope(tmp_path_factory):
    """A replica of Gradescope's folders, in which the package was unpacked as the vendor does it."""
    home = tmp_path_factory.mktemp("autograder")
    package = home / "package.zip"
    backpass("package", "gradescope", package)
    for folder in ("source", "submission", "results", "venv/bin"):
        (home / folder).mkdir(parents=True)
    with zipfile.ZipFile(package) as archive:
        for entry in archive.infolist():
            path = Path(archive.extract(entry, home / "source"))
            path.chmod(entry.external_attr >> 16 & 0o777)
    shutil.copy2(home / "source" / "run_autograder", home)
    python = home / "venv" / "bin" / "python"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    return home


def run_autograder(home):
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment["AUTOGRADER"] = str(home)
    program = [str(home / "run_autograder")]
    ran = subprocess.run(program, cwd=home, env=environment, capture_output=True, text=True, check=True, timeout=300)
    results = json.loads((home / "results" / "results.json").read_text(encoding="utf-8"))
    jsonschema.validate(results, SCHEMA)
    return results, ran.stdout


def test_a_package_grades_right_wrong_and_hostile_modules_where_gradescope_unpacks_it(gradescope):
    submission = gradescope / "submission"
    shutil.copy(ROOT / "solutions" / "initialization.py", submission)
    shutil.copy(ROOT / "examples" / "ada" / "optimizers.py", submission)
    hostile = (ROOT / "tests" / "data" / "attacks" / "forging" / "results_file.py").read_text()
    (submission / "losses.py").write_text(hostile.replace("../results.jsonl", f"{gradescope}/results/results.json"))
    results, output = run_autograder(gradescope)
    tests = {test["name"].partition(":")[0]: test for test in results["tests"]}
    assert {tests[exercise.id]["status"] for exercise in COURSE.unit("initialization").exercises} == {"passed"}
    assert "eps is added under the square root" in tests["optimizers.adam_step"]["output"]
    assert tests["losses.softmax"]["score"] == 0
    assert "Your code tried to write the file" in tests["losses.softmax"]["output"]
    assert results["score"] == sum(test["score"] for test in results["tests"])
    assert "isolation: sandbox" in output
    assert [path.name for path in (gradescope / "results").iterdir()] == ["results.json"]


def told_to_students(results):
    visible = [test for test in results["tests"] if test.get("visibility") != "hidden"]
    return json.dumps([results["output"], visible])


def test_what_breaks_the_autograder_is_for_the_instructor_only(gradescope, monkeypatch):
    # The process ends before it can say anything.
    shutil.move(gradescope / "venv", gradescope / "moved")
    results, output = run_autograder(gradescope)
    shutil.move(gradescope / "moved", gradescope / "venv")
    assert "The autograder stopped before your work was graded" in told_to_students(results)
    assert "status 127" in output
    # An exception.
    monkeypatch.setattr(pool, "Pool", lambda *_, **__: 1 / 0)
    autograder.main(gradescope)
    results = json.loads((gradescope / "results" / "results.json").read_text())
    jsonschema.validate(results, SCHEMA)
    assert "ZeroDivisionError" not in told_to_students(results)
    assert "ZeroDivisionError" in json.dumps(results)


@pytest.mark.parametrize("isolation", ["sandbox", "process"])
def test_a_leaky_container_grades_only_where_the_instructor_chose_so(gradescope, monkeypatch, isolation, capsys):
    class Leaky:
        is_sandboxed, doors, layers = False, ["read your files"], ("limits",)

        def __init__(self, course, **_):
            self.graded = {id: each for id, each in ADA.exercises.items() if id in course.exercises}

        def __enter__(self):
            return self

        def __exit__(self, *_):
            pass

        def grade(self, submissions):
            yield SubmissionResult("submission", self.graded, isolation="process", layers=self.layers)

    monkeypatch.setattr(pool, "Pool", Leaky)
    chosen = f'isolation = "{isolation}"\nvisibility = "visible"\nunits = ["optimizers"]\n'
    (gradescope / "source" / autograder.SETTINGS).write_text(chosen)
    autograder.main(gradescope)
    results = json.loads((gradescope / "results" / "results.json").read_text())
    jsonschema.validate(results, SCHEMA)
    if isolation == "process":
        assert results["score"] == sum(e.points for id, e in ADA.exercises.items() if id.startswith("optimizers."))
        assert {test["tags"][0] for test in results["tests"]} == {"optimizers"}
        assert "isolation: process" in capsys.readouterr().out
    else:
        assert results["score"] == 0
        assert "read your files" not in told_to_students(results)
        assert "read your files" in json.dumps(results)


def test_a_package_has_what_gradescope_runs_and_the_same_bytes_each_time(tmp_path):
    for name in ("a.zip", "b.zip"):
        packages.gradescope_zip(COURSE.only(units=["losses"]), tmp_path / name, "process", Visibility.after_published)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        modes = {entry.filename: entry.external_attr >> 16 & 0o777 for entry in archive.infolist()}
        chosen = tomllib.loads(archive.read(autograder.SETTINGS).decode())
    assert chosen == {"isolation": "process", "visibility": "after_published", "units": ["losses"]}
    assert modes["setup.sh"] == modes["run_autograder"] == 0o755
    assert {"graders/losses/mistakes.toml", "solutions/losses.py", "constraints.txt", "pyproject.toml"} <= set(modes)
    assert not any("__pycache__" in name or name.startswith(".") for name in modes)
    told = backpass("package", "gradescope", tmp_path / "c.zip")
    assert "nothing is graded" in " ".join(told.split())
