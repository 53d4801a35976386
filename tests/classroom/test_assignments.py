"""Assignments: the course cut to what is asked, and marks made of results by dates and by what was changed by hand."""

import json
import re
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from backpass import plugin
from backpass.classroom.adjustments import ADJUSTMENTS, Marking
from backpass.classroom.grade import grade_submission
from backpass.classroom.result_files import ResultFiles, ResultsError, read_results
from backpass.classroom.results import SubmissionResult
from backpass.cli import app
from backpass.course.editions import Edition, release
from backpass.course.manifest import Course, CourseError
from backpass.explaining.grader import HiddenGrader
from backpass.judging.checks import check
from backpass.judging.result import ExerciseResult
from backpass.plugin.run import asked_of
from backpass.student.submission import Submission, read_submission

ROOT = Path(__file__).resolve().parents[2]
# Every exercise has 10 points here, whatever it has in the course.
MANIFEST = re.sub(r"^points = \d+", "points = 10", (ROOT / "course.toml").read_text(), flags=re.MULTILINE)
TERM = """
[[assignments]]
name = "homework-1"
title = "Homework 1"
units = ["losses"]
due = 2026-10-12T23:59:00+02:00
late = { percent_a_day = 10, at_most = 50 }

[[assignments]]
name = "homework-2"
exercises = ["losses.softmax", "backprop.softmax_cross_entropy_backward", "optimizers.adam_step"]
weights = { "losses.softmax" = 2 }
"""


@pytest.fixture(scope="module")
def term(tmp_path_factory):
    """A copy of the course with assignments; its folders are those of the kit."""
    folder = tmp_path_factory.mktemp("term")
    for name in ("exercises", "solutions", "graders"):
        (folder / name).symlink_to(ROOT / name)
    for name in ("constraints.txt", "README.md", "pyproject.toml", "LICENSE"):
        shutil.copy(ROOT / name, folder / name)
    (folder / "course.toml").write_text(MANIFEST + TERM)
    return Course.load(folder)


def backpass(*arguments, status=0):
    ran = CliRunner().invoke(app, [str(each) for each in arguments])
    assert ran.exit_code == status, ran.output
    return ran.output


# What is asked


def test_an_assignment_has_its_own_points(term):
    assert sum(each.points for each in term.only("homework-1").exercises.values()) == 120
    two = term.only("homework-2")
    assert {id: each.points for id, each in two.exercises.items()} == {
        "losses.softmax": 20,
        "backprop.softmax_cross_entropy_backward": 10,
        "optimizers.adam_step": 10,
    }
    assert term.only("homework-2", ["losses"]).unit_names == ("losses",)
    assert list(term.only("homework-1").only("homework-2").exercises) == list(two.exercises)
    for names in (["homework-9"], [None, ["nothing"]]):
        with pytest.raises(CourseError, match=r"The (assignments|units) are: "):
            term.only(*names)


def test_assignments_may_lie_beside_the_course_and_have_its_time_zone(term, tmp_path):
    for name in ("exercises", "solutions"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "course.toml").write_text(MANIFEST)
    own = TERM.replace("+02:00", "").replace("[[assignments]]", 'timezone = "Europe/Berlin"\n[[assignments]]', 1)
    (tmp_path / "assignments.toml").write_text(own)
    assert Course.load(tmp_path).assignments[0].due == term.assignments[0].due
    (tmp_path / "assignments.toml").write_text('[[assignments]]\nname = "one"\nunits = ["lossess"]\n')
    with pytest.raises(CourseError, match=r"assignments\.toml:3: units of one has 'lossess'.*did you mean losses\?"):
        Course.load(tmp_path)


@pytest.mark.parametrize(
    ("lines", "line", "what"),
    [
        ('name = "one"\nunit = ["losses"]', 3, "no key `unit`; did you mean `units`?"),
        ('name = "one"', 1, "one asks for nothing"),
        ('name = "number one"\nunits = ["losses"]', 2, "letters, digits"),
        ('name = "one"\nexercises = ["losses.softmx"]', 3, "did you mean losses.softmax?"),
        ('name = "one"\nunits = ["losses"]\nweights = {losses = 0}', 4, "weight of losses is 0"),
        ('name = "one"\nunits = ["losses"]\ndue = 2026-10-12T23:59:00', 4, "has no time zone"),
        ('name = "one"\nunits = ["losses"]\ndue = 2026-10-12', 4, "is not a date with a time"),
        ('name = "one"\nunits = ["losses"]\nlate = {percent_a_day = 10}', 4, "can not be late without `due`"),
        ('name = "one"\nunits = ["losses"]\nquizzes = ["loses"]', 4, "did you mean losses?"),
        (
            'name = "one"\nunits = ["losses"]\nopens = 2026-10-13T00:00:00Z\ndue = 2026-10-12T00:00:00Z\n'
            "late = {percent_a_day = 101}",
            5,
            "opens only at",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path, lines, line, what):
    (tmp_path / "exercises").symlink_to(ROOT / "exercises")
    text = MANIFEST + "\n"
    (tmp_path / "course.toml").write_text(f"{text}[[assignments]]\n{lines}\n")
    with pytest.raises(CourseError) as told:
        Course.load(tmp_path)
    place = f"{tmp_path / 'course.toml'}:{text.count(chr(10)) + line}: "
    assert any(each.startswith(place) and what in each for each in str(told.value).splitlines()), told.value


def test_what_is_left_out_of_the_course_is_not_asked_and_the_rest_works(tmp_path, zygote):
    for name in ("exercises", "solutions", "graders"):
        (tmp_path / name).symlink_to(ROOT / name)
    manifest = MANIFEST
    (tmp_path / "course.toml").write_text('left_out = ["schedules", "losses.log_softmax"]\n' + manifest)
    course = Course.load(tmp_path)
    assert "schedules" not in course.unit_names and "losses.log_softmax" not in course.exercises
    course = course.only(units=["losses"])
    sources = read_submission(ROOT / "solutions", course.functions).sources
    result = grade_submission(HiddenGrader(course), zygote, Submission("ada", sources))
    assert result.points == result.max_points == sum(each.points for each in course.exercises.values())
    (tmp_path / "course.toml").write_text('left_out = ["loses"]\n' + manifest)
    with pytest.raises(CourseError, match=r":1: 'loses' is left out, .*; did you mean losses"):
        Course.load(tmp_path)


def test_a_perfect_homework_has_all_of_its_points_also_without_what_it_builds_on(term, zygote):
    course = term.only("homework-2")
    sources = {name: (ROOT / "solutions" / f"{name}.py").read_bytes() for name in ("losses", "optimizers", "backprop")}
    whole = grade_submission(HiddenGrader(course), zygote, Submission("ada", sources))
    assert (whole.points, whole.max_points, whole.assignment) == (40, 40, "homework-2")
    one = term.only("homework-2", ["backprop"])
    alone = {"backprop": sources["backprop"]}
    result = grade_submission(HiddenGrader(one), zygote, Submission("ben", alone))
    assert (result.points, result.max_points) == (10, 10)
    nothing = grade_submission(HiddenGrader(one), zygote, Submission("cleo", {"losses": sources["losses"]}))
    assert nothing.is_unknown and nothing.problem == "backprop.py is not in the submission."


def test_a_release_has_what_the_assignment_asks_for_and_builds_on_and_no_more(term, tmp_path):
    release(term.only("homework-2"), tmp_path / "self-study", Edition.self_study)
    released = Course.load(tmp_path / "self-study")
    assert list(released.exercises) == list(term.only("homework-2").exercises)
    assert [each.name for each in released.assignments] == ["homework-2"]
    there = {path.stem for path in (tmp_path / "self-study" / "starter").iterdir()}
    assert there == {"losses", "backprop", "optimizers"}
    for unlike in ("solutions/schedules.py", "solutions/quizzes/schedules.toml", "exercises/schedules"):
        assert not (tmp_path / "self-study" / unlike).exists()
    release(term.only("homework-1"), tmp_path / "first", Edition.student)
    told = (
        "Homework 1 is due at 2026-10-12 23:59 UTC+02:00; each day after that costs 10 % of the points, at most 50 %."
    )
    assert told in (tmp_path / "first" / "README.md").read_text()
    release(term.only(units=["losses"]), tmp_path / "student", Edition.student)
    assert Course.load(tmp_path / "student").unit_names == ("losses",)


# What marks become


def results_of(term, **points):
    """Results of the losses with the points of `softmax`; everything else is right."""
    course = term.only("homework-1")

    def one(name, got):
        exercises = {id: ExerciseResult("passed", 10, 10, None, "") for id in course.exercises}
        mistake = "mean_over_rows" if got < 10 else None
        exercises["losses.softmax"] = ExerciseResult("failed" if mistake else "passed", got, 10, mistake, "Wrong.")
        return SubmissionResult(name, exercises, assignment="homework-1")

    return [one(name, got) for name, got in points.items()]


def marked(term, folder, results, adjustments=""):
    with ResultFiles(folder, [each.submission for each in results]) as files:
        for each in results:
            files.add(each)
    (folder / ADJUSTMENTS).write_text(adjustments)
    marking = Marking(term, folder)
    return {each.submission: marking.of(each) for each in read_results(folder)}, marking


def test_points_are_changed_by_hand_and_stay_so(term, tmp_path):
    adjustments = """
[[adjustments]]
student = "Ada"
exercise = "losses.softmax"
points = 8
reason = "The handout was wrong"
by = "Emmy"
when = 2026-10-20

[[adjustments]]
student = "ben"
points = 60
assignment = "homework-1"
reason = "An oral exam"

[[adjustments]]
student = "zoe"
points = 1
reason = "x"
"""
    there, marking = marked(term, tmp_path, results_of(term, ada=4, ben=10, cleo=4), adjustments)
    assert {name: each.points for name, each in there.items()} == {"ada": 118, "ben": 60, "cleo": 114}
    change = "4 points became 8: The handout was wrong (Emmy, 2026-10-20)"
    assert [str(each) for each in there["ada"].changes_of("losses.softmax")] == [change]
    assert str(there["ben"].changes[0]) == "120 points became 60: An oral exam"
    assert marking.unused() == [
        f"{tmp_path / ADJUSTMENTS}:16: no submission here is called 'zoe', so it changes nothing"
    ]


def test_results_of_two_assignments_need_two_folders(term, tmp_path):
    results = results_of(term, ada=4, ben=10)
    with pytest.raises(
        ResultsError, match=r"has results of homework-1 and homework-2: give each a folder of its own\."
    ):
        marked(term, tmp_path, [results[0], replace(results[1], assignment="homework-2")])


def test_what_a_mistake_costs_is_changed_once_for_all_who_made_it(term, tmp_path):
    adjustments = '[[mistakes]]\nmistake = "mean_over_rows"\ncosts = 1\nreason = "Week 2 had not said it"\n'
    there, _ = marked(term, tmp_path, results_of(term, ada=4, ben=10, cleo=2), adjustments)
    assert {name: each.points for name, each in there.items()} == {"ada": 119, "ben": 120, "cleo": 119}
    assert "Week 2 had not said it" in str(there["cleo"].changes[0])


def test_lateness_costs_what_the_assignment_says_and_extensions_move_the_date(term, tmp_path):
    results = results_of(term, ada=10, ben=10, cleo=10, dan=10, eve=10)
    results[0] = replace(results[0], late=True)
    results[2] = replace(results[2], late=True)
    results[4] = replace(results[4], handed_in=datetime(2026, 10, 12, 23, 30))  # where the course is
    results.append(replace(results[4], submission="fay", handed_in=datetime(2026, 10, 13, 22, 0, tzinfo=UTC)))
    adjustments = """
[[adjustments]]
student = "ben"
handed_in = 2026-10-15T00:00:00+02:00
reason = "By mail"

[[adjustments]]
student = "cleo"
due = 2026-10-19T23:59:00+02:00
reason = "Ill"

[[adjustments]]
student = "dan"
handed_in = 2026-10-12T23:00:00+02:00
reason = "By mail"
"""
    there, _ = marked(term, tmp_path, results, adjustments)
    assert {name: each.points for name, each in there.items()} == {
        "ada": 108,  # Canvas says late, and not by how much
        "ben": 84,  # three days have begun
        "cleo": 120,
        "dan": 120,
        "eve": 120,
        "fay": 96,  # what a list says: two days have begun
    }
    assert str(there["ada"].changes[0]).endswith("taken as one day; due until 2026-10-12 23:59")
    assert "an extension: Ill" in str(there["cleo"].changes[0]) and not there["eve"].changes
    assert term.assignments[0].percent_lost(timedelta(days=30)) == 50


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ('[[adjustments]]\nstudent = "ada"\npoints = 3', 1, "`reason` is missing here"),
        ('[[adjustments]]\nstudent = "ada"\nreason = "x"', 1, "it changes nothing"),
        (
            '[[adjustments]]\nstudent = "ada"\nreason = "x"\nexercise = "losses.sm"\npoints = 1',
            4,
            "is none of this course",
        ),
        ('[[adjustments]]\nstudent = "ada"\nreason = "x"\nassignment = "hw"\npoints = 1', 4, "there are: homework-1"),
        ('[[adjustments]]\nstudent = "ada"\nreason = "x"\npoints = -1', 4, "points = -1 is no number of points"),
        ('\n[[mistakes]]\nmistake = "x"\nreason = "x"\ncost = 1', 5, "there is no key `cost`; did you mean `costs`?"),
        ('[[adjustments]]\nstudent = "ada"\nreason = "x"\ndue = 2026-10-19T23:59:00', 4, "has no time zone"),
    ],
)
def test_adjustments_that_are_not_right_are_told_with_their_line(term, tmp_path, text, line, what):
    with pytest.raises(ResultsError) as told:
        marked(term, tmp_path, results_of(term, ada=10), text)
    place = f"{tmp_path / ADJUSTMENTS}:{line}: "
    assert any(each.startswith(place) and what in each for each in str(told.value).splitlines()), told.value


def test_reports_and_gradebooks_show_what_was_changed(term, tmp_path, monkeypatch):
    adjustments = '[[adjustments]]\nstudent = "ada"\nexercise = "losses.softmax"\npoints = 9\nreason = "A good idea"\n'
    marked(term, tmp_path, results_of(term, ada=4, ben=10), adjustments)
    monkeypatch.chdir(term.root)
    backpass("report", tmp_path)
    page = (tmp_path / "report" / "students").glob("ada*").__next__().read_text()
    assert "119</strong> of 120 points" in page and "4 points became 9: A good idea" in page
    assert "A good idea" in (tmp_path / "report" / "index.html").read_text()
    gradebook = tmp_path / "book.csv"
    gradebook.write_text(
        "Student,ID,SIS Login ID,Section,Homework 1 (9)\n Points Possible,,,,120\nA,1,ada,x,\nB,2,ben,x,\n"
    )
    out = tmp_path / "out.csv"
    backpass("export", "canvas", tmp_path, gradebook, "--assignment", "homework-1", "--out", out)
    assert [line.rsplit(",", 1)[1] for line in out.read_text().split()[-2:]] == ["119", "120"]
    backpass("export", "canvas", tmp_path, gradebook, "--out", out)  # the results know their assignment
    assert out.read_text().split()[-1].endswith(",120")
    monkeypatch.chdir(ROOT)  # where the course has no such assignment
    assert "Declare it under [[assignments]] in" in backpass(
        "export", "canvas", tmp_path, gradebook, "--out", out, status=2
    )
    record = json.loads((tmp_path / "results.jsonl").read_text().splitlines()[0])
    assert record["points"] == 114  # what was found stays as it was found


def test_a_student_asks_to_have_a_mark_looked_at_again(term, tmp_path, monkeypatch, zygote):
    release(term.only("homework-1"), tmp_path / "mine", Edition.student)
    monkeypatch.chdir(tmp_path / "mine")
    assert "regrade-requests.toml" in backpass("regrade-request", "softmax", "The example <b>agrees</b>.")
    backpass("regrade-request", "softmax", "The example <i>agrees</i>.")
    assert "Did you mean" in backpass("regrade-request", "sotmax", "x", status=2)
    course = term.only("homework-1")
    read = read_submission(tmp_path / "mine" / "starter", course.functions)
    assert read.requests == {"losses.softmax": "The example <i>agrees</i>."}
    result = replace(results_of(term, ada=4)[0], requests=read.requests)
    marked(term, tmp_path, [result])
    monkeypatch.chdir(term.root)
    backpass("report", tmp_path)
    for page in (tmp_path / "report" / "index.html", next((tmp_path / "report" / "students").glob("ada*"))):
        assert "The example &lt;i&gt;agrees&lt;/i&gt;." in page.read_text()
    (tmp_path / "mine" / "starter" / "regrade-requests.toml").write_text("requests = 3")
    assert "was not read" in read_submission(tmp_path / "mine" / "starter", course.functions).notes[0]


def test_pytest_is_asked_for_one_assignment(term):
    """What it collects beside that is deselected; an assignment that is not there is told."""
    config = SimpleNamespace(getoption=lambda name: {"--assignment": "homework-2", "--unit": ["losses"]}[name])
    asked = asked_of(term, config)
    assert list(asked.exercises) == ["losses.softmax"]
    config = SimpleNamespace(getoption=lambda name: {"--assignment": "homework-9", "--unit": None}[name])
    with pytest.raises(pytest.UsageError, match=r"The assignments are: homework-1, homework-2\."):
        asked_of(term, config)
    told = []
    checks = [check(name)(lambda: None) for name in ("losses.softmax", "losses.mse_loss")]
    items = [SimpleNamespace(function=function, config=None) for function in checks]
    stash = {plugin._session: SimpleNamespace(course=asked)}
    hook = SimpleNamespace(pytest_deselected=lambda items: told.extend(items))
    left = items[:]
    plugin.pytest_collection_modifyitems(SimpleNamespace(stash=stash, hook=hook), left)
    assert (left, told) == (items[:1], items[1:])
