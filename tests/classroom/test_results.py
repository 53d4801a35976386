"""Nothing is lost: a run that is killed goes on, a process that is killed is replaced, and marks stay the same."""

import contextlib
import csv
import json
import os
import resource
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from backpass.classroom import pool as pools
from backpass.classroom import result_files
from backpass.classroom.fingerprint import grading_hash
from backpass.classroom.pool import GradingStopped, Pool, Task
from backpass.classroom.result_files import ResultFiles, ResultsError, read_records
from backpass.classroom.results import SubmissionResult
from backpass.cli import app
from backpass.judging.result import ExerciseResult
from backpass.student.hand_ins import HandIn
from backpass.student.submission import read_submission
from backpass.worker.client import Worker, Zygote

ROOT = Path(__file__).resolve().parents[2]


def grade(*arguments, exit_code=0):
    """The output of `backpass grade`, in one line."""
    ran = CliRunner().invoke(app, ["grade", *map(str, arguments)])
    assert ran.exit_code == exit_code, ran.output
    return " ".join(ran.output.split())


def written(out):
    return [(out / name).read_bytes() for name in ("results.jsonl", "grades.csv")]


@pytest.fixture
def graded(quick, class_folder, tmp_path):
    """The results of a run that nothing has disturbed."""
    grade(class_folder, "--out", tmp_path / "undisturbed", "--jobs", 2)
    return written(tmp_path / "undisturbed")


def test_the_same_marks_whatever_the_order_and_the_number_of_processes(graded, class_folder, tmp_path):
    backwards = sorted(class_folder.iterdir(), reverse=True)
    grade(*backwards, "--out", tmp_path / "out", "--jobs", 1)
    assert written(tmp_path / "out")[0].splitlines() == graded[0].splitlines()[::-1]


def test_what_has_not_changed_is_not_graded_again(graded, small_class, class_folder, tmp_path, monkeypatch):
    out = tmp_path / "undisturbed"
    before = (out / "results.jsonl").stat()
    told = grade(class_folder, "--out", out)
    assert "6 of 6 submissions had been graded already" in told
    assert "6 submissions:" in told
    assert "fay.zip is no zip" in told
    assert written(out) == graded
    assert (out / "results.jsonl").stat().st_ino == before.st_ino

    (class_folder / "ben" / "losses.py").write_text(small_class["ada"])
    assert "5 of 6 submissions had been graded already" in grade(class_folder, "--out", out)
    records = {record["submission"]: record for record in read_records(out)}
    assert records["ben"]["points"] == records["ada"]["points"]
    assert len(list(csv.reader((out / "grades.csv").open()))) == 7

    (class_folder / "ben" / "losses.py").write_text(small_class["ben"])
    told = grade(class_folder, "--out", out, "--again")
    assert "already" not in told
    assert written(out) == graded
    monkeypatch.setattr(pools, "grading_hash", lambda *_: "other graders")
    assert "already" not in grade(class_folder, "--out", out)


def test_what_marks_depend_on_is_in_the_hash(course, tmp_path):
    for name in ("graders", "solutions"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "losses.py").write_text("x = 1\n")
    (tmp_path / "course.toml").write_text("title = 'x'\n")
    course = replace(course, root=tmp_path)
    hashes = [grading_hash(course, ("cpu",), "sandbox", ("limits",))]
    assert grading_hash(course, ("cpu",), "sandbox", ("limits",)) == hashes[0]
    for changed in [(("cuda",), "sandbox", ("limits",)), (("cpu",), "process", ()), (("cpu",), "sandbox", ())]:
        hashes.append(grading_hash(course, *changed))
    for path in ("course.toml", "graders/losses.py", "solutions/losses.py"):
        (tmp_path / path).write_text("y = 1\n")
        hashes.append(grading_hash(course, ("cpu",), "sandbox", ("limits",)))
    assert len(set(hashes)) == 7


def test_results_of_others_are_kept_and_told(graded, small_class, class_folder, tmp_path):
    out = tmp_path / "undisturbed"
    (class_folder / "ada" / "losses.py").write_text(small_class["ben"])
    told = grade(class_folder / "ada", "--out", out)
    assert "5 results of submissions that were not in this run stay as they are" in told
    lines = written(out)[0].splitlines()
    assert sorted(lines)[1:] == sorted(graded[0].splitlines())[1:]
    assert json.loads(lines[0])["submission"] == "ada"
    assert lines[0] != graded[0].splitlines()[0]


def in_another_process(command):
    """A fork of this process, which has everything loaded; its pid."""
    pid = os.fork()
    if pid == 0:
        try:
            command()
        finally:
            os._exit(1)
    return pid


@pytest.mark.skipif(sys.platform != "linux", reason="needs fork with torch loaded")
def test_a_run_that_is_killed_goes_on_where_it_stopped(graded, class_folder, tmp_path, monkeypatch):
    out = tmp_path / "out"
    monkeypatch.setattr(pools, "Zygote", Zygote)  # not the tests' own: it is killed in mid-conversation

    class Slow(ResultFiles):
        def add(self, result):
            super().add(result)
            time.sleep(0.3)  # so that there is a middle of the run to be killed in

    with monkeypatch.context() as patched:
        patched.setattr(result_files, "ResultFiles", Slow)
        pid = in_another_process(lambda: grade(class_folder, "--out", out, "--jobs", 2))
    until = time.monotonic() + 60
    while not (out.exists() and (out / "results.jsonl").exists() and (out / "results.jsonl").stat().st_size):
        assert time.monotonic() < until
        time.sleep(0.005)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    assert not (out / "grades.csv").exists()
    with (out / "results.jsonl").open("ab") as file:
        file.write(graded[0][:1000])  # as a process leaves it that is killed while it writes
    done = len(list(read_records(out)))
    assert 0 < done < 6
    told = grade(class_folder, "--out", out)
    assert f"{done} of 6 submissions had been graded already" in told
    assert written(out) == graded


@pytest.mark.skipif(sys.platform != "linux", reason="needs fork with torch loaded")
def test_a_full_disk_is_one_clear_sentence_and_the_next_run_goes_on(graded, class_folder, tmp_path):
    out = tmp_path / "out"

    def run():
        most = len(graded[0]) // 2
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        told = grade(class_folder, "--out", out, "--jobs", 2, exit_code=2)
        assert "results.jsonl cannot be written: File too large." in told
        assert "type the same command again" in told
        os._exit(0)

    assert os.waitpid(in_another_process(run), 0)[1] == 0
    content = (out / "results.jsonl").read_bytes()
    assert content.endswith(b"\n")
    done = content.count(b"\n")
    assert f"{done} of 6 submissions had been graded already" in grade(class_folder, "--out", out)
    assert written(out) == graded


@pytest.fixture
def grade_pool(quick, small):
    def run(*names, jobs=2):
        with Pool(small, jobs) as pool:
            return {result.submission: result for result in pool.grade([HandIn(name, ROOT / name) for name in names])}

    return run


def instead_of_grading(monkeypatch, action):
    """Grading is this in all processes that are forked from now on: `action(name)`, then a result of 1 point."""

    def grade(judges, submission):
        action(submission.name)
        return SubmissionResult(submission.name, {"losses.softmax": ExerciseResult("passed", 1, 1, None, "")})

    monkeypatch.setattr(pools.Judges, "grade", grade)


def test_a_grading_process_that_is_killed_is_replaced(grade_pool, monkeypatch, tmp_path):
    def action(name):
        if name == "poison" or (name == "unlucky" and not (tmp_path / name).exists()):
            (tmp_path / name).touch()
            os.kill(os.getpid(), signal.SIGKILL)
        if name == "bug":
            raise RuntimeError("of the grader")

    instead_of_grading(monkeypatch, action)
    results = grade_pool("ada", "poison", "unlucky", "bug", "ben", "cleo")
    assert {name for name, result in results.items() if result.points == 1} == {"ada", "unlucky", "ben", "cleo"}
    assert "twice: the grading process ended (SIGKILL)" in results["poison"].problem
    assert "RuntimeError: of the grader" in results["bug"].problem
    assert results["bug"].points == 0
    assert results["bug"].grading_hash == ""  # so that the next run tries again


def test_a_machine_that_cannot_grade_stops_the_run(grade_pool, monkeypatch):
    instead_of_grading(monkeypatch, lambda name: os._exit(3))
    with pytest.raises(GradingStopped, match=r"5 submissions in a row .* \(exit status 3\)"):
        grade_pool(*map(str, range(9)), jobs=1)


def test_bad_neighbours_in_a_row_do_not_stop_a_class(grade_pool, monkeypatch):
    def action(name):
        if name.startswith("bad"):
            os._exit(3)

    instead_of_grading(monkeypatch, action)
    results = grade_pool(*(f"bad-{number}" for number in range(6)), "ada", "ben", jobs=1)
    assert {name for name, result in results.items() if result.points == 1} == {"ada", "ben"}


@pytest.mark.parametrize("victim", ["worker", "zygote"])
def test_a_worker_or_zygote_that_is_killed_costs_no_marks(
    small, small_grader, zygote, class_folder, monkeypatch, tmp_path, victim
):
    submission = read_submission(class_folder / "ada", small.functions)
    with Zygote(small.limits) if victim == "zygote" else contextlib.nullcontext(zygote) as zygote:
        task, other = (Task(small_grader, zygote, ("cpu",), "sandbox", "") for _ in range(2))
        undisturbed, _ = other(
            submission, []
        )  # by a task of its own: what has passed is known to the one that was asked
        calls = []
        call = Worker.call

        def killing(worker, *arguments):
            calls.append(arguments)
            if len(calls) == 3 and not (tmp_path / "killed").exists():
                (tmp_path / "killed").touch()
                if victim == "worker":  # by its pidfd: where bubblewrap is installed, pids are those of a namespace
                    signal.pidfd_send_signal(worker._pidfd, signal.SIGKILL)
                else:
                    zygote._process.kill()
                time.sleep(0.1)
            return call(worker, *arguments)

        monkeypatch.setattr(Worker, "call", killing)
        assert task(submission, [])[0] == undisturbed
        assert (tmp_path / "killed").exists()


def result(name, points=1.0):
    exercises = {"losses.softmax": ExerciseResult("passed", points, 1, None, "well\ud800 done")}
    return SubmissionResult(name, exercises, submission_hash="s", grading_hash="g")


def test_lines_that_are_not_whole_are_left_out(tmp_path):
    with ResultFiles(tmp_path, ["ada", "ben"]) as files:
        files.add(result("ada", 0.5))
        files.add(result("ada"))
        (tmp_path / "results.jsonl").open("ab").write(b'not a record\n{"submission": "ben", "poi')
        assert [record["points"] for record in read_records(tmp_path)] == [1.0]
    with ResultFiles(tmp_path, ["ben", "ada"]) as files:
        assert files.has("ada", "s", "g")
        assert not files.has("ada", "s", "other")
        assert not files.has("ben", "s", "g")
        files.add(result("ben"))
    assert (tmp_path / "results.jsonl").read_bytes().count(b"\n") == 2
    assert (tmp_path / "grades.csv").read_text().splitlines()[1:] == ["ben,1.0,1,1.0", "ada,1.0,1,1.0"]
    assert {file.name for file in tmp_path.iterdir()} == {"results.jsonl", "grades.csv"}


@pytest.mark.parametrize("exercise", [False, True], ids=["total", "exercise"])
def test_marks_that_were_edited_by_hand_are_refused_with_the_number_of_the_line(tmp_path, exercise):
    with ResultFiles(tmp_path, ["ada", "ben"]) as files:
        files.add(result("ada"))
        files.add(result("ben", 0.5))
    lines = [json.loads(line) for line in (tmp_path / "results.jsonl").read_text().splitlines()]
    (lines[1]["exercises"]["losses.softmax"] if exercise else lines[1])["points"] = 1.0
    (tmp_path / "results.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    before = (tmp_path / "results.jsonl").read_bytes()
    points = "0.5 points there, and its exercises come to 1" if exercise else "1.0 points there, .* come to 0.5"
    with pytest.raises(ResultsError, match=f"line 2: ben has {points}.*adjustments.toml"):
        list(read_records(tmp_path))
    with pytest.raises(ResultsError, match="line 2"), ResultFiles(tmp_path, ["ada", "ben"]):
        pass
    assert (tmp_path / "results.jsonl").read_bytes() == before


def test_only_one_run_writes_to_a_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(result_files, "_WAIT_FOR_THE_LOCK", 0.1)
    with (
        ResultFiles(tmp_path, []),
        pytest.raises(ResultsError, match="Another `backpass grade`"),
        ResultFiles(tmp_path, []),
    ):
        pass


def test_no_folder_can_be_made(tmp_path):
    (tmp_path / "out").write_text("")
    with pytest.raises(ResultsError, match="out cannot be written: File exists"), ResultFiles(tmp_path / "out", []):
        pass
    with pytest.raises(ResultsError, match="cannot be read: No such file"):
        list(read_records(tmp_path / "absent"))
