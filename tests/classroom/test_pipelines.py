"""What GitHub, GitLab and other CI servers display: read back by what reads it elsewhere, or by its published rules."""

import base64
import json
import os
import subprocess
from xml.etree import ElementTree

import pytest
import yaml
from junitparser import Error, Failure, JUnitXml, Skipped

from backpass.classroom.exports import github, gitlab, junit, markdown
from backpass.classroom.exports.class_list import read_class
from backpass.classroom.results import SubmissionResult
from backpass.judging.result import STATUSES
from tests.classroom.graded import ADA, COURSE, MESSAGE, POINTS, ROOT, backpass, graded, placed, written


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
