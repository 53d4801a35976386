"""A term of three assignments with nbgrader, from release to exported marks, by the commands of the manual.

One is late, one late with an extension, one overridden, one missing and one unreadable.
"""

import csv
import shutil
import zipfile
from datetime import datetime
from pathlib import Path

import pytest

pytest.importorskip("nbgrader", reason="nbgrader is not installed: pip install -e '.[nbgrader]'")

from nbgrader.api import Gradebook

from tests.notebooks.nbgrader_term import Term, commands

ROOT = Path(__file__).resolve().parents[2]
ASSIGNMENTS = """
[[assignments]]
name = "homework-1"
exercises = ["losses.mse_loss", "losses.mae_loss"]
quizzes = ["losses"]
due = 2026-10-12T23:59:00+02:00
late = { percent_a_day = 10, at_most = 50 }

[[assignments]]
name = "homework-2"
exercises = ["losses.mse_loss"]

[[assignments]]
name = "homework-3"
exercises = ["losses.mae_loss"]
"""
EXTENSION = """
[[adjustments]]
student = "coxcleo"
assignment = "homework-1"
due = 2026-10-19T23:59:00+02:00
reason = "Ill"
"""
RIGHT = (ROOT / "solutions" / "losses.py").read_bytes()
WRONG = b"def mse_loss(pred, target):\n    return ((pred - target) ** 2).sum()\n"
CLASS = {  # as Canvas names what was handed in
    "adaada_101_1_losses.py": RIGHT,
    "benben_LATE_102_2_losses.py": RIGHT,
    "coxcleo_LATE_103_3_losses.py": RIGHT,
    "dandan_104_4_losses.py": WRONG,
    "evaeva_105_5_losses.7z": b"7z",
    "fayfay_106_6_losses.py": RIGHT,
    "fayfay_106_7_quiz.ipynb": b'{"cells": [',
}


@pytest.fixture(scope="module")
def marks(tmp_path_factory):
    """The rows of the exported file by assignment and student, and what the export said."""
    kit = tmp_path_factory.mktemp("kit")
    for name in ("exercises", "solutions", "graders"):
        (kit / name).symlink_to(ROOT / name)
    shutil.copy(ROOT / "course.toml", kit)
    (kit / "assignments.toml").write_text(ASSIGNMENTS)
    term = Term(kit)
    prepare, *_, export = commands(0)
    term.run(prepare, kit)
    (term.course / "adjustments.toml").write_text(EXTENSION)
    with Gradebook(f"sqlite:///{term.course}/gradebook.db") as gradebook:
        gradebook.add_student("zoezoe")  # by hand, or `nbgrader db student import`
    for name, handed_in in (("homework-1", CLASS), ("homework-2", dict([*CLASS.items()][:1]))):
        archive = term.course / "downloaded" / name / "archive"
        archive.mkdir(parents=True)
        with zipfile.ZipFile(archive / "submissions.zip", "w") as file:
            for path, content in handed_in.items():
                file.writestr(path, content)
        for command in (commands(0)[2], *commands(2), commands(0)[5], commands(0)[7]):
            term.run(command.replace("02-losses", name))
    with Gradebook(f"sqlite:///{term.course}/gradebook.db") as gradebook:
        grade = gradebook.find_grade("mse_loss-score", "code", "homework-1", "dandan")
        grade.manual_score, grade.needs_manual_grade = 3, False  # as the formgrader does it
        gradebook.db.commit()
    said = term.run(export)
    rows = {(row["assignment"], row["student_id"]): row for row in read(term.course / "grades.csv")}
    term.run(f"{export} --Grades.unreadable_as_zero=True --to=zeros.csv")
    zeros = {(row["assignment"], row["student_id"]): row["score"] for row in read(term.course / "zeros.csv")}
    return rows, zeros, said, term


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_marks_of_a_term_are_those_of_the_assignments(marks):
    rows, _, _, _ = marks
    scores = {student: row["score"] for (name, student), row in rows.items() if name == "homework-1"}
    most = float(rows["homework-1", "adaada"]["max_score"])
    code = float(scores["adaada"])  # who has handed in the module has no quiz
    assert most == code + 5
    assert float(scores["benben"]) == pytest.approx(0.9 * code)
    assert float(scores["coxcleo"]) == code
    assert float(scores["dandan"]) == 3
    assert float(rows["homework-2", "adaada"]["score"]) == float(rows["homework-2", "adaada"]["max_score"])
    late = rows["homework-1", "benben"]
    assert datetime.fromisoformat(late["timestamp"]) > datetime.fromisoformat(late["duedate"])


def test_what_is_missing_or_unreadable_is_no_mark_and_is_told(marks):
    rows, zeros, said, term = marks
    code = float(rows["homework-1", "adaada"]["score"])
    whys = {"zoezoe": "nothing was handed in", "evaeva": "code could not be read", "fayfay": "quiz could not be read"}
    for student, why in whys.items():
        assert rows["homework-1", student]["score"] == rows["homework-1", student]["raw_score"] == ""
        assert float(zeros["homework-1", student]) == (code if student == "fayfay" else 0)
        assert f"homework-1, {student}: {why}" in said
    assert "homework-3" not in said  # nothing is collected yet
    page = (term.course / "feedback" / "evaeva" / "homework-1" / "code.html").read_text(encoding="utf-8")
    assert "It holds losses.7z" in page and "not marked yet, of" in page
