"""Marks in gradebooks of Canvas and Moodle: filled in where they belong, and nothing else changed."""

import csv
import io

import pytest

from backpass.classroom.results import SubmissionResult
from backpass.judging.result import ExerciseResult
from tests.classroom.graded import ADA, COURSE, POINTS, backpass, graded, written

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
