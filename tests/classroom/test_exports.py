"""Where marks go: every format is read back by what reads it elsewhere, or by its published rules."""

import base64
import csv
import io
import json
import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from junitparser import Error, Failure, JUnitXml, Skipped
from markdown_it import MarkdownIt
from typer.testing import CliRunner

from backpass.classroom import pool
from backpass.classroom.exports import autograder, github, gitlab, junit, markdown, packages
from backpass.classroom.exports.class_list import read_class
from backpass.classroom.exports.gradescope import Visibility, results_json
from backpass.classroom.grade import grade_submission
from backpass.classroom.result_files import ResultFiles, read_results
from backpass.classroom.results import SubmissionResult
from backpass.cli import app
from backpass.course.manifest import Course
from backpass.judging.result import STATUSES, ExerciseResult
from backpass.student.submission import Submission

ROOT = Path(__file__).resolve().parents[2]
COURSE = Course.load(ROOT)
POINTS = sum(exercise.points for exercise in COURSE.exercises.values())
SCHEMA = json.loads((ROOT / "tests" / "data" / "gradescope_schema.json").read_text())
MESSAGE = """`param` is wrong: eps * 2 <b>belongs</b> after the root. It adds 5 %, [really](https://example.org).

    param = [1]   (1,) float32
    you return  param = [0.68377]   (1,) float32"""


def graded(name, problem=None, **changed):
    """The result of a submission in which everything is right but what `changed` says."""
    results = {}
    for id, exercise in COURSE.exercises.items():
        status, message, points = changed.get(exercise.name, ("passed", "", exercise.points))
        results[id] = ExerciseResult(status, points, exercise.points, "a_mistake" if message else None, message)
    return SubmissionResult(name, results, problem, isolation="sandbox", layers=("landlock",))


def written(folder, *results):
    with ResultFiles(folder, [result.submission for result in results]) as files:
        for result in results:
            files.add(result)
    return str(folder)


def backpass(*arguments, status=0):
    result = CliRunner().invoke(app, [str(each) for each in arguments])
    assert result.exit_code == status, result.output
    return result.output


def placed(result, id, **place):
    """The same result with a place in the student's code."""
    return replace(result, exercises=result.exercises | {id: replace(result.exercises[id], **place)})


ADA = graded("ada", adam_step=("failed", MESSAGE, 4.5), momentum_step=("todo", "Not started yet.", 0))


# Results


def test_results_are_read_as_they_were_written_and_the_last_of_a_submission_counts(tmp_path):
    written(tmp_path, graded("ada"), graded("ben", problem="ben.zip cannot be read"), ADA)
    assert read_results(tmp_path) == [ADA, graded("ben", problem="ben.zip cannot be read")]


def test_results_that_cannot_be_read_are_told(tmp_path):
    written(tmp_path, ADA)
    with (tmp_path / "results.jsonl").open("a") as file:
        file.write('{"submission": "be')  # half-written: the run will go on there
    backpass("export", "junit", tmp_path, tmp_path / "x.xml")
    assert "cannot be read" in backpass("export", "junit", tmp_path / "absent", tmp_path / "x.xml", status=2)


# Markdown


def kinds(text):
    tokens = MarkdownIt("js-default", {"html": True}).parse(text)
    inline = [child for token in tokens for child in token.children or []]
    return {token.type for token in (*tokens, *inline)} - {"paragraph_open", "paragraph_close", "inline"}


def test_prose_and_the_case_of_a_message_stay_apart_and_nothing_else_is_made_of_it():
    assert kinds(markdown.message(MESSAGE)) == {"text", "code_inline", "code_block"}
    html = MarkdownIt().render(markdown.message(MESSAGE))
    assert "eps * 2 &lt;b&gt;belongs" in html
    assert "<code>param</code>" in html
    assert "you return  param" in html


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("`\\*_[]()<>!#-+=|~&1. \n\t\rahttp:/\u2028") | st.characters(), max_size=60))
def test_no_words_of_a_submission_become_links_pictures_or_headings(text):
    words = f"ValueError: {text}"
    assert kinds(markdown.message(words)) <= {"text", "code_inline", "softbreak", "code_block", "text_special"}
    assert kinds(markdown.message(text)) <= {"text", "code_inline", "softbreak", "code_block", "text_special"}


# Gradescope


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


# GitHub


def unescaped(text):
    return text.replace("%0A", "\n").replace("%0D", "\r").replace("%3A", ":").replace("%2C", ",").replace("%25", "%")


def test_annotations_are_one_line_each_at_the_function(tmp_path):
    (tmp_path / "optimizers.py").write_text("import torch\n\n\ndef adam_step(param):\n    return param\n")
    hostile = ("crashed", "ValueError: 5 %, 3:2\r\n::set-output name=points::940", 0)
    lines = github.annotate(graded("ada", adam_step=("failed", MESSAGE, 0), softmax=hostile), tmp_path)
    assert all(line.startswith("::error file=") and "\n" not in line and "\r" not in line for line in lines)
    softmax, adam = lines
    message = adam.removeprefix("::error ").partition("::")[2]
    assert properties(adam) == {
        "file": f"{tmp_path}/optimizers.py",
        "line": "4",
        "title": "optimizers.adam_step%3A failed",
    }
    assert unescaped(message) == MESSAGE
    assert softmax.endswith("::ValueError: 5 %25, 3:2%0A::set-output name=points::940")


def properties(line):
    found = line.removeprefix("::error ").partition("::")[0]
    return dict(pair.split("=") for pair in found.split(","))


def test_annotations_are_on_the_line_and_columns_of_what_is_to_blame(tmp_path):
    (tmp_path / "optimizers.py").write_text("def adam_step(param):\n    return param\n")
    place = {"line": 2, "column": 11, "end_line": 2, "end_column": 16, "expression": "param"}
    (line,) = github.annotate(placed(ADA, "optimizers.adam_step", **place), tmp_path)
    found = properties(line)
    assert {name: found[name] for name in ("line", "endLine", "col", "endColumn")} == {
        "line": "2", "endLine": "2", "col": "12", "endColumn": "16",
    }  # fmt: skip
    # GitHub refuses columns of an annotation that goes over several lines.
    (line,) = github.annotate(placed(ADA, "optimizers.adam_step", **place | {"end_line": 3}), tmp_path)
    found = properties(line)
    assert (found["line"], found["endLine"]) == ("2", "3") and not {"col", "endColumn"} & set(found)


def test_a_module_that_does_not_import_is_told_once_and_more_than_github_displays_are_counted(tmp_path):
    broken = ("crashed", "losses.py does not import", 0)
    assert len(github.annotate(graded("ada", softmax=broken, log_softmax=broken), tmp_path)) == 1
    names = [exercise.name for exercise in COURSE.exercises.values()][:14]
    lines = github.annotate(graded("ada", **{name: ("failed", f"{name} is wrong", 0) for name in names}), tmp_path)
    assert [line.partition(" ")[0] for line in lines] == ["::error"] * 10 + ["::notice"]
    assert "4 more" in lines[-1]


def test_the_summary_of_a_step_is_added_to_its_file(tmp_path):
    results = written(tmp_path / "results", ADA)
    summary = tmp_path / "summary.md"
    summary.write_text("before\n")
    printed = backpass("export", "github", results, "--submission", tmp_path, "--summary", summary)
    assert printed.startswith("::error file=")
    text = summary.read_text()
    assert text.startswith("before\n## ada")
    assert "| optimizers.adam\\_step | failed | 4.5 of 10 |" in text
    assert markdown.message(MESSAGE) in text
    assert "momentum" not in text  # it is not started


def test_points_are_handed_to_classrooms_reporter_and_as_json(tmp_path):
    results, output, points = written(tmp_path / "results", ADA), tmp_path / "output", tmp_path / "points.json"
    backpass("export", "github", results, "--output", output, "--points", points, "--unit", "optimizers")
    plain = json.loads(points.read_text())
    name, _, encoded = output.read_text().strip().partition("=")
    assert (name, json.loads(base64.b64decode(encoded))) == ("result", plain)
    exercises = COURSE.unit("optimizers").exercises
    # What the reporter adds up (its notify-classroom.js).
    assert plain["max_score"] == sum(each.points for each in exercises)
    right = sum(each.points for id, each in ADA.exercises.items() if id.startswith("optimizers."))
    assert sum(test["score"] for test in plain["tests"]) == right < plain["max_score"]
    assert plain["status"] == "fail" and len(plain["tests"]) == len(exercises)


GH = """#!/bin/sh
case "$2" in
  list) echo "hw1-ada-l 2026-10-12T21:58:00Z"; echo "another 2026-01-01T00:00:00Z" ;;
  clone) mkdir -p "$4" ;;
esac
"""


def test_a_class_is_fetched_with_when_each_was_pushed(tmp_path):
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "grade-class.yml").read_text(encoding="utf-8"))
    steps = {step.get("name"): step for step in workflow["jobs"]["grade"]["steps"]}
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "gh").write_text(GH)
    (tmp_path / "bin" / "gh").chmod(0o755)
    environment = {"PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}", "OWNER": "uni", "PREFIX": "hw1-"}
    subprocess.run(
        ["bash", "-e", "-c", steps["Fetch the submissions"]["run"]], cwd=tmp_path, env=environment, check=True
    )
    assert [path.name for path in (tmp_path / "submissions").iterdir()] == ["ada-l"]
    (student,) = read_class(tmp_path / "class.csv")
    assert (student.name, str(student.handed_in)) == ("ada-l", "2026-10-12 21:58:00+00:00")
    assert "--roster class.csv" in steps["Grade"]["run"]


def test_the_summary_of_a_class_is_a_table_that_github_takes():
    text = github.summary([ADA, graded("a|b", problem="no zip")])
    assert f"| ada | {ADA.points:g} | {len(COURSE.exercises) - 2} | 1 | 1 |" in text
    assert f"| a\\|b: no zip | {POINTS:g} |" in text
    large = github.summary([SubmissionResult(f"{number:040d}", {}) for number in range(20_000)])
    assert 900_000 < len(large.encode()) < 1 << 20
    assert large.endswith("has all of it.\n")


@pytest.mark.parametrize("platform", ["github", "gitlab"])
def test_students_repositories_run_public_checks_and_have_no_graders(tmp_path, platform):
    destination = tmp_path / "students"
    backpass("package", platform, destination)
    pipeline = destination / {"github": ".github/workflows/public-checks.yml", "gitlab": ".gitlab-ci.yml"}[platform]
    jobs = yaml.safe_load(pipeline.read_text())
    commands = json.dumps(jobs)
    assert "pytest exercises/ --results results" in commands
    assert f"backpass export {'junit' if platform == 'gitlab' else 'github'} results" in commands
    if platform == "gitlab":
        reports = jobs["public checks"]["artifacts"]["reports"]
        assert f"backpass export gitlab results {reports['codequality']}" in commands
    assert not (destination / "graders").exists()
    assert not (destination / "solutions").exists()
    assert "is not empty" in backpass("package", platform, destination, status=2)


# GitLab


def code_quality(tmp_path, *results, status=0):
    out = tmp_path / "new" / "codequality.json"
    (tmp_path / "losses.py").write_text("import torch\n\n\ndef softmax(logits):\n    return logits\n")
    folder = written(tmp_path / "results", *results)
    told = backpass("export", "gitlab", folder, out, "--submission", tmp_path, status=status)
    return json.loads(out.read_text("ascii")) if out.exists() else None, " ".join(told.split())


def test_a_code_quality_report_has_an_entry_for_each_wrong_exercise_at_its_line(tmp_path):
    wrong = graded("ada", softmax=("crashed", "\ud800 raises\n\n    x = 1", 0), adam_step=("failed", MESSAGE, 4.5))
    entries, _ = code_quality(tmp_path, placed(wrong, "optimizers.adam_step", line=26, column=3))
    softmax, adam = entries
    assert softmax["description"] == "losses.softmax: \ufffd raises"
    assert softmax["location"] == {"path": f"{tmp_path}/losses.py", "lines": {"begin": 4}}  # where the function begins
    assert softmax["severity"] == "critical"
    assert adam == {
        "description": f"optimizers.adam_step: {MESSAGE.splitlines()[0]}",
        "check_name": "a_mistake",
        "fingerprint": adam["fingerprint"],
        "severity": "major",
        "location": {"path": f"{tmp_path}/optimizers.py", "lines": {"begin": 26}},
    }
    assert len(adam["fingerprint"]) == 64 and adam["fingerprint"] != softmax["fingerprint"]
    moved, _ = code_quality(tmp_path, placed(wrong, "optimizers.adam_step", line=27, column=3))
    assert moved[1]["fingerprint"] == adam["fingerprint"]  # GitLab compares pushes by it


def test_every_status_that_is_wrong_has_a_severity_of_gitlab_s(tmp_path):
    statuses = [status for status in STATUSES if status not in ("passed", "todo")]
    names = [exercise.name for exercise in COURSE.exercises.values()]
    wrong = {name: (status, f"{name} is wrong", 0) for name, status in zip(names, statuses, strict=False)}
    gitlab.write_code_quality(graded("ada", **wrong), tmp_path, tmp_path / "out.json")
    entries = json.loads((tmp_path / "out.json").read_text())
    assert len(entries) == len(statuses)
    assert {entry["severity"] for entry in entries} <= {"info", "minor", "major", "critical", "blocker"}
    assert len({entry["fingerprint"] for entry in entries}) == len(entries)


def test_a_code_quality_report_is_about_one_submission(tmp_path):
    assert code_quality(tmp_path, graded("ada"))[0] == []  # nothing is wrong, which GitLab has to be told as well
    (tmp_path / "new" / "codequality.json").unlink()
    entries, told = code_quality(tmp_path, ADA, graded("ben"), status=2)
    assert entries is None and "has 2 submissions" in told
    (tmp_path / "none").mkdir()
    (tmp_path / "none" / "results.jsonl").touch()
    told = backpass("export", "gitlab", tmp_path / "none", tmp_path / "x.json", status=2)
    assert "there was no submission to grade" in " ".join(told.split())


# JUnit


def test_junit_reports_are_read_by_others(tmp_path):
    control = ("crashed", "ValueError: \x1b[31m\ud800 ]]> & <x>\nsecond line", 0)
    late = ("timeout", "No answer in 10 s.", 0)
    broken = graded("b\x00n", problem="cut \x00 off", softmax=control, tanh=late)
    junit.write_junit([ADA, broken], tmp_path / "junit.xml")
    ada, ben = JUnitXml.fromfile(str(tmp_path / "junit.xml"))
    assert (ada.tests, ada.failures, ada.errors, ada.skipped) == (len(COURSE.exercises), 1, 0, 1)
    assert (ben.failures, ben.errors) == (0, 2)
    cases = {(case.classname, case.name): case for suite in (ada, ben) for case in suite}
    assert len(cases) == 2 * len(COURSE.exercises)  # GitLab shows the first of several of the same name only
    (failure,) = cases["ada.optimizers", "adam_step"].result
    assert isinstance(failure, Failure)
    assert (failure.type, failure.text) == ("a_mistake", MESSAGE)
    (skipped,) = cases["ada.optimizers", "momentum_step"].result
    assert isinstance(skipped, Skipped)
    (error,) = cases["b\ufffdn.losses", "softmax"].result
    assert isinstance(error, Error)
    assert error.text == "ValueError: \ufffd[31m\ufffd ]]> & <x>\nsecond line"
    assert ElementTree.parse(tmp_path / "junit.xml").find(".//system-err").text == "cut \ufffd off"


def test_a_junit_report_has_all_that_was_graded(tmp_path):
    backpass("export", "junit", written(tmp_path / "results", ADA, graded("ben")), tmp_path / "new" / "junit.xml")
    report = JUnitXml.fromfile(str(tmp_path / "new" / "junit.xml"))
    assert [suite.name for suite in report] == ["ada", "ben"]


# Canvas and Moodle

# As these systems write them; names that need quotes, rows that are no students, columns that Canvas computes.
GRADEBOOK = """\
Student,ID,SIS User ID,SIS Login ID,Section,Warm-up (901),Backprop (902),Current Score
,,,,,Manual Posting,,
    Points Possible,,,,,10.00,100.00,(read only)
"Lovelace, Ada",4001,s-1,ada@uni.example,"CS 1, morning",9.50,,95.00
"Babbage, Ben",4002,s-2,ben@uni.example,CS 1,7.00,55.00,70.00
"Noether, Émmy",4003,s-3,emmy@uni.example,CS 1,8.00,,80.00
"Gauss, Carl",4004,s-4,carl@uni.example,CS 1,1.00,EX,10.00
"Student, Test",4999,,,CS 1,,,
""".replace("\n", "\r\n")


def table(text, **how):
    return list(csv.reader(io.StringIO(text, newline=""), **how))


def fill_canvas(tmp_path, gradebook, *results, status=0, assignment="Backprop"):
    path, out = tmp_path / "gradebook.csv", tmp_path / "marks.csv"
    path.write_bytes(gradebook.encode())
    folder = written(tmp_path / "results", *results)
    told = backpass("export", "canvas", folder, path, "--assignment", assignment, "--out", out, status=status)
    return out.read_bytes().decode() if out.exists() else "", " ".join(told.split())


def named(name, share=0.5):
    """A submission with this share of the course's points."""
    whole = graded(name)
    exercises = {id: ExerciseResult("failed", 0, each.max_points, None, "") for id, each in whole.exercises.items()}
    exercises["losses.softmax"] = ExerciseResult("failed", share * POINTS, 10, None, "")
    return SubmissionResult(name, exercises)


def test_marks_go_to_canvas_by_login_id_or_name_and_all_else_stays(tmp_path):
    names = ("ADA@uni.example", "Ben Babbage", "noether, e\u0301mmy")
    text, told = fill_canvas(tmp_path, GRADEBOOK, *map(named, names))
    expected = table(GRADEBOOK)
    for row in (3, 4, 5):
        expected[row][6] = "50"  # of the 100 that the assignment has in Canvas
    assert table(text) == expected
    assert "marks of 3 students, out of 100" in told


def test_an_assignment_may_be_one_unit(tmp_path):
    path, out = tmp_path / "gradebook.csv", tmp_path / "marks.csv"
    path.write_bytes(GRADEBOOK.encode())
    ada = graded("s-1", softmax=("failed", "wrong", 0), adam_step=("failed", "wrong", 0))
    arguments = [written(tmp_path / "results", ada), path, "--assignment", "Backprop", "--out", out]
    backpass("export", "canvas", *arguments, "--unit", "losses", "--unit", "backprop")
    points = {each.name: each.points for name in ("losses", "backprop") for each in COURSE.unit(name).exercises}
    all_of_them = sum(points.values())
    right = 100 * (all_of_them - points["softmax"]) / all_of_them
    assert float(table(out.read_text())[3][6]) == pytest.approx(right, abs=0.01)
    told = backpass("export", "canvas", *arguments, "--unit", "loses", status=2)
    assert "There is no unit 'loses'. The units are: neurons, losses" in " ".join(told.split())


def test_marks_find_the_names_of_canvas_downloads(tmp_path):
    downloads = ("lovelaceada_4001_88231_losses", "babbageben_LATE_4002_88232_homework", "noetheremmy_4003")
    text, _ = fill_canvas(tmp_path, GRADEBOOK, *map(named, downloads))
    assert [row[6] for row in table(text)[3:6]] == ["50", "50", "50"]


def test_marks_that_fit_nobody_or_several_are_listed_and_not_filled_in(tmp_path):
    twice = GRADEBOOK + '"Lovelace, Ada",4005,s-5,other@uni.example,CS 2,,,\r\n'
    names = ("Ada Lovelace", "ada", "s-2", "4002", "emmy@uni.example")
    text, told = fill_canvas(tmp_path, twice, *map(named, names), status=1)
    rows = {row[1]: row[6] for row in table(text)[3:]}
    assert rows == {"4001": "", "4002": "55.00", "4003": "50", "4004": "EX", "4999": "", "4005": ""}
    assert "not filled in: Ada Lovelace: fits 2 students" in told
    assert "not filled in: ada: no such student" in told
    assert "not filled in: s-2, 4002: all fit the same student" in told


def test_students_excused_in_canvas_stay_so(tmp_path):
    text, told = fill_canvas(tmp_path, GRADEBOOK, named("carl@uni.example"))
    assert text == GRADEBOOK
    assert "left as it is: carl@uni.example: excused in Canvas" in told


def test_canvas_files_keep_their_delimiter_byte_order_mark_and_line_ends(tmp_path):
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=";", lineterminator="\n").writerows(table(GRADEBOOK))
    text, _ = fill_canvas(tmp_path, "\ufeff" + buffer.getvalue(), named("s-1"))
    assert text == "\ufeff" + buffer.getvalue().replace("9.50;;95.00", "9.50;50;95.00")


@pytest.mark.parametrize(
    ("change", "assignment", "words"),
    [
        (("", ""), "Back", "no assignments 'Back'. It has: Warm-up (901); Backprop (902)"),
        (("Warm-up", "Backprop"), "Backprop", "2 assignments 'Backprop'"),
        (("100.00", ""), "Backprop", "has '' for the Points Possible"),
        (("Section", "Group"), "Backprop", "has no column Section"),
        (("CS 1,7.00", "CS 1,7.00,,,,"), "Backprop", "a row with 12: ['Babbage, Ben'"),
    ],
)
def test_what_is_no_gradebook_is_told_and_nothing_written(tmp_path, change, assignment, words):
    text, told = fill_canvas(tmp_path, GRADEBOOK.replace(*change), named("s-1"), assignment=assignment, status=2)
    assert text == ""
    assert words in told


def test_the_exported_file_is_never_overwritten(tmp_path):
    path = tmp_path / "gradebook.csv"
    path.write_text(GRADEBOOK)
    arguments = [written(tmp_path / "results", named("s-1")), path, "--assignment", "Backprop", "--out", path]
    assert "write to another one" in backpass("export", "canvas", *arguments, status=2)


def test_a_file_that_cannot_be_written_is_one_clear_line(tmp_path):
    assert "Is a directory" in backpass("export", "junit", written(tmp_path / "results", ADA), tmp_path, status=2)
    assert "Is a directory" in backpass("package", "gradescope", tmp_path, status=2)


WORKSHEET = """\
\ufeffIdentifier,"Full name","Email address",Status,Grade,"Maximum Grade","Grade can be changed",\
"Last modified (submission)","Last modified (grade)","Feedback comments"
"Participant 4711","Ada Lovelace",ada@uni.example,"Submitted for grading - ",,100.00,Yes,"Friday, 1 May 2026",-,
"Participant 4712","Ben Babbage",ben@uni.example,"No submission",,100.00,No,-,-,"Kept, as it is"
"Participant 4713","Ben Babbage",other@uni.example,"No submission",,100.00,Yes,-,-,
"""


def fill_moodle(tmp_path, *results, status=0, worksheet=WORKSHEET):
    path, out = tmp_path / "worksheet.csv", tmp_path / "marks.csv"
    path.write_bytes(worksheet.encode())
    told = backpass("export", "moodle", written(tmp_path / "results", *results), path, "--out", out, status=status)
    return table(out.read_bytes().decode()) if out.exists() else [], " ".join(told.split())


@pytest.mark.parametrize("name", ["Ada Lovelace_4711_assignsubmission_file", "Ada Lovelace_4711", "ada@uni.example"])
def test_marks_and_comments_go_to_moodles_worksheet(tmp_path, name):
    ada = SubmissionResult(name, ADA.exercises)
    rows, told = fill_moodle(tmp_path, ada, named("ben@uni.example"), named("Ben Babbage"), status=1)
    before = table(WORKSHEET)
    assert rows[0] == before[0]
    assert rows[1][4] == f"{100 * ADA.points / POINTS:.2f}".rstrip("0")  # Moodle has 100
    assert rows[1][9].startswith("<pre>optimizers.adam_step: `param` is wrong: eps * 2 &lt;b&gt;belongs&lt;/b&gt;")
    assert rows[1][:4] + rows[1][5:9] == before[1][:4] + before[1][5:9]
    assert rows[2:] == before[2:]
    assert "left as it is: ben@uni.example: locked in Moodle" in told
    assert "not filled in: Ben Babbage: fits 2 students" in told


def test_a_worksheet_in_another_language_or_with_a_scale_is_told(tmp_path):
    other = WORKSHEET.replace("Identifier", "Kennung")
    rows, told = fill_moodle(tmp_path, named("ada@uni.example"), worksheet=other, status=2)
    assert rows == []
    assert "has no column Identifier" in told
    assert "Moodle in English" in told
    scale = WORKSHEET.replace("100.00", "Excellent")
    assert (
        "has 'Excellent' for the maximum grade"
        in fill_moodle(tmp_path, named("ada@uni.example"), worksheet=scale, status=2)[1]
    )
