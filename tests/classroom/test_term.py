"""A term with archives of Canvas, by the commands of the manual: from release to marks, with all that happens."""

import csv
import io
import re
import shlex
import shutil
import zipfile
from contextlib import nullcontext
from pathlib import Path

import pytest
from typer.testing import CliRunner

from backpass.cli import app
from backpass.course.manifest import Course

ROOT = Path(__file__).resolve().parents[2]
MANUAL = (ROOT / "docs" / "instructors.md").read_text(encoding="utf-8")
COMMANDS = re.search(r"```\n(backpass release .*?)```", MANUAL, re.DOTALL)[1].splitlines()
# Every exercise has 10 points here, whatever it has in the course.
MANIFEST = re.sub(r"^points = \d+", "points = 10", (ROOT / "course.toml").read_text(), flags=re.MULTILINE)
TERM = """
[[assignments]]
name = "homework-1"
title = "Homework 1"
exercises = ["losses.mse_loss", "losses.softmax"]
weights = { "losses.softmax" = 2 }
due = 2026-10-12T23:59:00+02:00
late = { percent_a_day = 10 }

[[assignments]]
name = "homework-2"
title = "Homework 2"
exercises = ["activations.relu", "activations.sigmoid"]

[[assignments]]
name = "homework-3"
title = "Homework 3"
exercises = ["backprop.softmax_cross_entropy_backward"]
"""
UNIT = {"homework-1": "losses", "homework-2": "activations", "homework-3": "backprop"}
STUDENTS = {"adalovelace": 1, "emmynoether": 2, "gracehopper": 3, "ivyhart": 4, "kimpark": 5, "leeannon": 6}
ADJUSTMENTS = """
[[adjustments]]
student = "emmynoether_2"
assignment = "homework-1"
due = 2026-10-19T23:59:00+02:00
reason = "Ill"

[[adjustments]]
student = "gracehopper_3"
exercise = "losses.softmax"
points = 15
reason = "The idea was right"
"""
HALF = """
def softmax(logits, dim=-1):
    return logits
"""


@pytest.fixture
def term(tmp_path, monkeypatch, zygote):
    """The course in a folder of its own, where the instructor is."""
    for name in ("exercises", "solutions", "graders"):
        (tmp_path / name).symlink_to(ROOT / name)
    for name in ("constraints.txt", "README.md", "pyproject.toml", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "course.toml").write_text(MANIFEST + TERM)
    monkeypatch.setattr("backpass.classroom.pool.Zygote", lambda *_, **__: nullcontext(zygote))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(line):
    command, *arguments = shlex.split(line)
    assert command == "backpass"
    ran = CliRunner().invoke(app, arguments)
    assert ran.exit_code == 0, ran.output
    return ran.output


def download(path, homework):
    """What Canvas gives: ada is late, ivy's file cannot be read, kim has handed in nothing, lee a notebook."""
    unit = UNIT[homework]
    right = (ROOT / "solutions" / f"{unit}.py").read_text()
    late = "_LATE" if homework == "homework-1" else ""
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("adalovelace", "emmynoether"):
            inside = io.BytesIO()
            with zipfile.ZipFile(inside, "w") as own:
                own.writestr(f"starter/{unit}.py", right)
            archive.writestr(f"{name}{late}_{STUDENTS[name]}_77_work.zip", inside.getvalue())
        archive.writestr(f"gracehopper_3_78_{unit}.py", right + (HALF if unit == "losses" else ""))
        archive.writestr("ivyhart_4_79_work.7z", b"7z")
        archive.writestr("leeannon_6_80_my_homework.py", right)


def gradebook(path, homework):
    columns = ["Student", "ID", "SIS Login ID", "Section", f"Homework {homework[-1]} (90{homework[-1]})"]
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerows([columns, ["    Points Possible", "", "", "", "30"]])
        rows.writerows([name, number, name, "One", ""] for name, number in STUDENTS.items())


def test_a_term_of_three_assignments(term):
    book = {}
    for homework in UNIT:
        for name in ("handout", "results"):
            shutil.rmtree(term / name, ignore_errors=True)
        download(term / "submissions.zip", homework)
        gradebook(term / "gradebook.csv", homework)
        release, grade, report, export = (line.replace("homework-1", homework) for line in COMMANDS)
        run(release)
        assert {each.name for each in Course.load(term / "handout").assignments} == {homework}
        said = run(f"{grade} --jobs 1 --isolation process")
        assert "kimpark: Nothing was handed in." in said
        assert "my_homework.py was taken for" in said
        (term / "results" / "adjustments.toml").write_text(ADJUSTMENTS)
        told = "" if homework != "homework-1" else run(report)
        said = run(export)
        assert "left as it is: ivyhart_4: No module is in it" in said and "kimpark: Nothing was handed in." in said
        with (term / "marks.csv").open() as file:
            book[homework] = {row[0]: row[4] for row in csv.reader(file) if row[0] in STUDENTS}
        if told:
            page = (term / "results" / "report" / "index.html").read_text()
            assert "10 % less: late" in page and "an extension: Ill" in page and "The idea was right" in page
            run(grade + " --jobs 1 --isolation process --again")  # grading again leaves what was changed
            run(export)
            with (term / "marks.csv").open() as file:
                assert {row[0]: row[4] for row in csv.reader(file) if row[0] in STUDENTS} == book[homework]
    everybody = {"adalovelace": "30", "emmynoether": "30", "gracehopper": "30", "leeannon": "30"}
    nobody = {"ivyhart": "", "kimpark": ""}
    assert book["homework-1"] == everybody | nobody | {"adalovelace": "27", "gracehopper": "25"}
    assert book["homework-2"] == book["homework-3"] == everybody | nobody
