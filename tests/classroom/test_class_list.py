"""Everybody of a class has a row, and what is not known of somebody is no mark."""

import csv

import pytest
from typer.testing import CliRunner

from backpass.classroom.exports import canvas, moodle
from backpass.classroom.exports.class_list import attendance, note_absent, read_class, with_times
from backpass.classroom.exports.rosters import RosterError
from backpass.classroom.result_files import ResultFiles, read_results
from backpass.classroom.results import NOT_HANDED_IN, SubmissionResult
from backpass.cli import app
from backpass.judging.result import ExerciseResult
from backpass.student.hand_ins import HandIn

CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,Homework 1 (901)
    Points Possible,,,,,10
"Lovelace, Ada",4001,,ada@example.edu,One,
"Noether, Emmy",4002,,emmy,One,
"Hopper, Grace",4003,,grace,One,
"Student, Test",9999,,x,One,
"""
MOODLE = """Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,Feedback comments
Participant 11,Ada Lovelace,ada@example.edu,Submitted,,10.00,Yes,
Participant 12,Emmy Noether,emmy@example.edu,Submitted,,10.00,Yes,
Participant 13,Grace Hopper,grace@example.edu,No submission,,10.00,Yes,
"""
GITHUB = (
    '"identifier","github_username","github_id","name"\n"Ada Lovelace","ada-l","1",""\n"Emmy Noether","emmy","2",""\n'
)


def written(path, text):
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "names", "missing"),
    [
        (CANVAS, ["lovelaceada_4001"], ["Noether, Emmy", "Hopper, Grace"]),
        (CANVAS, ["Ada Lovelace", "hoppergrace_4003"], ["Noether, Emmy"]),
        (MOODLE, ["Ada Lovelace_11", "Emmy Noether_12"], ["Grace Hopper"]),
        (GITHUB, ["homework-1-ada-l"], ["Emmy Noether"]),
        ("Ada Lovelace\nEmmy Noether\n", ["ada lovelace"], ["Emmy Noether"]),
        ("name;email\nAda;ada@example.edu\nBen;ben@example.edu\n", ["ben@example.edu"], ["Ada"]),
        ("First name,Surname,Email address\nAda,Lovelace,a@x\nEmmy,Noether,e@x\n", ["Emmy Noether"], ["Ada Lovelace"]),
    ],
)
def test_lists_of_every_form_say_who_is_missing(tmp_path, text, names, missing):
    students = read_class(written(tmp_path / "class.csv", text))
    found = attendance(students, names)
    assert [student.name for student in found.missing] == missing
    assert found.strangers == []


MOODLE_TIMES = (
    MOODLE.replace("Grade can be changed", "Last modified (submission)")
    .replace("Submitted,,10.00,Yes", 'Submitted,,10.00,"Tuesday, 13 October 2026, 9:05 PM"')
    .replace("No submission,,10.00,Yes", "No submission,,10.00,-")
)
GITHUB_TIMES = "github_username,submission_timestamp,points_awarded\nada-l,2026-10-13T21:05:00Z,\nemmy,,\n"


@pytest.mark.parametrize(
    ("text", "name", "when"),
    [
        (MOODLE_TIMES, "Ada Lovelace_11", "2026-10-13T21:05:00"),
        (GITHUB_TIMES, "homework-1-ada-l", "2026-10-13T21:05:00+00:00"),
        ("name,handed in\nada,2026-10-13 21:05:00 +0200\n", "ada", "2026-10-13T21:05:00+02:00"),
    ],
)
def test_lists_say_when_who_handed_in(tmp_path, text, name, when):
    students = read_class(written(tmp_path / "class.csv", text))
    found = with_times([HandIn(name, tmp_path), HandIn("zoe", tmp_path)], students)
    assert [each.handed_in and each.handed_in.isoformat() for each in found] == [when, None]
    with pytest.raises(RosterError, match=r"handed in at 'on time': write it as"):
        read_class(written(tmp_path / "class.csv", "name,handed in\nada,on time\n"))


def test_who_is_not_on_the_list_or_fits_several_is_told(tmp_path):
    students = read_class(written(tmp_path / "class.csv", "name,email\nAda,ada@a\nAda,ada@b\n"))
    found = attendance(students, ["zoe", "ada"])
    assert found.strangers == ["zoe: not on the list", "ada: fits 2 students"]
    assert found.missing == []  # which of the two is, nobody knows


def result(name, points, problem=None):
    exercises = {"losses.softmax": ExerciseResult("crashed" if problem else "passed", points, 10, None, problem or "")}
    return SubmissionResult(name, exercises, problem)


def test_a_row_of_the_absent_is_there_until_they_hand_in(tmp_path, small):
    students = read_class(written(tmp_path / "class.csv", "Ada\nBen\n"))
    with ResultFiles(tmp_path, ["ada"]) as files:
        files.add(result("ada", 10))
        note_absent(files, students, small)
    assert [(each.submission, each.problem) for each in read_results(tmp_path)] == [
        ("ada", None),
        ("Ben", NOT_HANDED_IN),
    ]
    with (tmp_path / "grades.csv").open() as file:
        assert [row[1] for row in csv.reader(file)] == ["points", "10", ""]
    with ResultFiles(tmp_path, ["ben"]) as files:
        files.add(result("ben", 4))
        note_absent(files, students, small)
    assert [each.submission for each in read_results(tmp_path)] == ["ben", "ada"]


def test_nothing_becomes_a_zero_in_a_gradebook_unless_that_is_asked_for(tmp_path):
    results = [
        result("lovelaceada_4001", 10),
        result("emmy", 0, "emmy.zip is no zip"),
        result("grace", 0, NOT_HANDED_IN),
    ]
    book = written(tmp_path / "book.csv", CANVAS)
    matched = canvas.fill_in(results, book, "Homework 1", tmp_path / "out.csv")
    assert [line.split(",")[-1].strip() for line in (tmp_path / "out.csv").read_text().splitlines()[2:5]] == [
        "10",
        "",
        "",
    ]
    assert matched.left == ["emmy: emmy.zip is no zip", f"grace: {NOT_HANDED_IN}"]
    canvas.fill_in(results, book, "Homework 1", tmp_path / "out.csv", unknown_as_zero=True)
    assert [line.split(",")[-1].strip() for line in (tmp_path / "out.csv").read_text().splitlines()[2:5]] == [
        "10",
        "0",
        "0",
    ]
    results = [result("Ada Lovelace_11", 10), result("Emmy Noether_12", 0, "emmy.zip is no zip")]
    sheet = written(tmp_path / "sheet.csv", MOODLE)
    moodle.fill_in(results, sheet, tmp_path / "out.csv")
    with (tmp_path / "out.csv").open() as file:
        rows = {row["Identifier"]: row for row in csv.DictReader(file)}
    assert rows["Participant 12"]["Grade"] == ""
    assert "emmy.zip is no zip" in rows["Participant 12"]["Feedback comments"]


def test_grade_gives_everybody_a_row(quick, class_folder, tmp_path):
    roster = written(class_folder / "roster.csv", "name\nada\nben\nzoe\n")
    written(class_folder / "lee.7z", "x")
    said = CliRunner().invoke(
        app,
        ["grade", str(class_folder), "--out", str(tmp_path / "out"), "--roster", str(roster), "--isolation", "process"],
    )
    assert said.exit_code == 0, said.output
    assert f"zoe: {NOT_HANDED_IN}" in said.output
    assert "cleo: not on the list of students" in said.output
    names = [each.submission for each in read_results(tmp_path / "out")]
    assert names == ["ada", "ben", "cleo", "dan", "eve", "fay", "lee", "zoe"]
