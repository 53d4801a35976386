"""Grading a class: on several cores as on one, in a sandbox that tests itself, and never longer than agreed."""

import dataclasses
import os
import signal
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from backpass.classroom.grade import grade_submission
from backpass.classroom.known import Submissions
from backpass.classroom.pool import Pool
from backpass.classroom.results import SubmissionResult
from backpass.cli import app
from backpass.course.manifest import Limits
from backpass.judging.result import ExerciseResult
from backpass.student.hand_ins import HandIn
from backpass.student.submission import Submission, read_submission
from backpass.worker.calls import Call
from backpass.worker.client import Worker, Zygote
from backpass.worker.sandbox import open_doors

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted(path for path in (ROOT / "examples").iterdir() if path.is_dir())

HANGS = b"""
def softmax(*inputs):
    while True:
        pass
log_softmax = cross_entropy = softmax
"""


def records(course, jobs):
    with Pool(course, jobs) as pool:
        results = pool.grade([HandIn(path.name, path) for path in EXAMPLES])
        return {result.submission: result.record() for result in results}


def test_two_processes_grade_as_one_does(small):
    assert records(small, jobs=2) == records(small, jobs=1)


def test_an_empty_class_is_graded(course):
    with Pool(course, 2) as pool:
        assert list(pool.grade([])) == []


def test_the_sandbox_tests_itself(course):
    with Pool(course, 1) as pool:
        assert pool.doors == []
        assert {"limits", "privileges", "landlock", "seccomp"} <= set(pool.layers)


@pytest.mark.parametrize(
    ("missing", "door"),
    [
        ("landlock", "read your files"),
        ("landlock", "create files"),
        ("seccomp", "start a process"),
        ("seccomp", "open a network connection"),
        ("seccomp", "have signals sent by the kernel"),
        ("seccomp", "outlive the process that started it"),
        ("seccomp", "make files in memory"),
    ],
)
def test_without_a_layer_the_self_test_finds_what_it_kept_shut(course, missing, door):
    layers = tuple(layer for layer in ("limits", "privileges", "landlock", "seccomp") if layer != missing)
    with Zygote(course.limits, layers) as zygote:
        assert zygote.active_layers == layers
        assert door in open_doors(zygote, course)


def test_an_old_kernel_is_no_sandbox_and_says_why(course, monkeypatch):
    monkeypatch.setattr(Zygote, "newest_landlock", 1)
    with Zygote(course.limits) as zygote:
        assert "landlock" not in zygote.active_layers
        assert "needs Landlock 3, which Linux 6.2 has" in " ".join(open_doors(zygote, course))


@pytest.fixture
def no_sandbox(small, monkeypatch):
    """A machine on which only the limits can be had."""
    monkeypatch.setattr("backpass.cli.instructors_course", lambda: small)
    monkeypatch.setattr("backpass.worker.warm.LAYERS", ("limits",))
    monkeypatch.setenv("PATH", "/nowhere")


def test_an_incomplete_sandbox_grades_only_when_asked_to(no_sandbox, tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)
    command = ["grade", str(EXAMPLES[0]), "--out", str(tmp_path / "out")]
    refused = CliRunner().invoke(app, command)
    assert refused.exit_code == 2
    assert "--isolation process" in refused.output
    assert not (tmp_path / "out" / "results.jsonl").exists()
    accepted = CliRunner().invoke(app, [*command, "--isolation", "process"])
    assert accepted.exit_code == 0
    assert '"isolation": "process"' in (tmp_path / "out" / "results.jsonl").read_text()


def test_a_system_without_fork_is_told_what_to_do(tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)
    monkeypatch.delattr(os, "fork")
    told = CliRunner().invoke(app, ["grade", str(EXAMPLES[0]), "--out", str(tmp_path)])
    assert told.exit_code == 2
    assert "WSL" in told.output


def test_a_submission_that_hangs_everywhere_ends_within_its_budget(grader):
    limits = Limits(seconds_a_request=1, seconds_a_submission=2.1)
    with Zygote(limits) as zygote:
        start = time.monotonic()
        result = grade_submission(grader, zygote, Submission("hangs", {"losses": HANGS}))
        assert time.monotonic() - start < 30 * limits.seconds_a_submission, "the wall is the backstop of its own clock"
    statuses = [result.exercises[f"losses.{name}"].status for name in ("softmax", "log_softmax", "cross_entropy")]
    assert statuses == ["timeout"] * 3
    assert "used up" in result.exercises["losses.cross_entropy"].message


def test_with_cuda_layers_are_left_out_until_it_starts(monkeypatch):
    starts = iter([False, True])
    monkeypatch.setattr(Zygote, "_cuda_starts", lambda self: next(starts))
    with Zygote(cuda=True) as zygote:
        assert zygote.active_layers == ("limits", "privileges")


def test_a_worker_for_cuda_may_start_threads_and_nothing_else(grader, monkeypatch):
    monkeypatch.setattr(Zygote, "_cuda_starts", lambda self: True)
    source = b"""
import os, threading
def thread():
    done = []
    thread = threading.Thread(target=done.append, args=(1,))
    thread.start()
    thread.join()
    return done
def fork():
    os.fork()
"""
    with Zygote(cuda=True) as zygote, Worker(zygote, {"losses": source}) as worker:
        assert worker.call("losses", "thread", [Call({})])[0].value == [1]
        assert worker.call("losses", "fork", [Call({})])[0].raised.kind == "PermissionError"


def test_a_lost_zygote_is_replaced():
    with Zygote(layers=("limits",)) as zygote:
        with Worker(zygote, {"losses": b"def double(x): return 2 * x"}) as worker:
            assert worker.call("losses", "double", [Call({"x": 1})])[0].value == 2
            os.kill(zygote._process.pid, signal.SIGKILL)
            zygote._process.wait()
        with Worker(zygote, {"losses": b"def double(x): return 2 * x"}) as worker:
            assert worker.call("losses", "double", [Call({"x": 1})])[0].value == 2


def test_a_worker_ends_with_its_zygote():
    with Zygote(layers=("limits",)) as zygote:
        source = b"import os\ndef pid(): return os.getpid()"
        with Worker(zygote, {"losses": source}) as worker:
            pid = worker.call("losses", "pid", [Call({})])[0].value
            os.kill(zygote._process.pid, signal.SIGKILL)
            deadline = time.monotonic() + 5
            while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
                time.sleep(0.05)
            assert not Path(f"/proc/{pid}").exists()


def test_workers_start_warm(course, grader):
    """A pass over the solutions imports nothing that the zygote could have imported once for all."""
    sources = dict(read_submission(ROOT / "solutions", course.functions).sources)
    first = course.units[0].name
    sources[first] += b"\nimport sys\ndef modules_now():\n    return sorted(sys.modules)\n"
    with Zygote(course.limits) as zygote, Worker(zygote, sources) as worker:

        def modules():
            return set(worker.call(first, "modules_now", [Call({})])[0].value)

        before = modules()
        for exercise in course.exercises.values():
            assert grader.grade(exercise, worker.call).status == "passed"
        own = {"starter", *course.unit_names, *(f"starter.{unit}" for unit in course.unit_names)}
        assert modules() - before <= own


@pytest.mark.parametrize("line", ["seconds_a_request = 0", "seconds_a_reqest = 3", 'memory = "1 GiB"'])
def test_bad_limits_are_refused_with_the_value(course, tmp_path, line):
    from backpass.course.manifest import Course, CourseError

    text = (ROOT / "course.toml").read_text()
    head, _, tail = text.partition("[limits]\n")
    (tmp_path / "course.toml").write_text(head + "[limits]\n" + line + "\n\n" + tail[tail.index("[[units]]") :])
    with pytest.raises(CourseError, match=line.split(" = ")[0]):
        Course.load(tmp_path)


def test_limits_come_from_the_manifest(course):
    assert dataclasses.asdict(course.limits).keys() == {"seconds_a_request", "seconds_a_submission", "memory"}


def test_the_same_modules_have_the_same_result_and_nobody_else_has_it():
    def of(name, source, status="passed"):
        submission = Submission(name, {"losses": source})
        exercises = {"losses.mse_loss": ExerciseResult(status, 1, 1, None, "")}
        return submission, SubmissionResult(name, exercises, submission_hash=submission.hash)

    known = Submissions()
    known.add(*of("ada", b"x = 1"))
    known.add(*of("alan", b"x = 3", "timeout"))  # the machine may have been at fault
    late = Submission("grace", {"losses": b"x = 1"}, student_id="7", late=True)

    result = known.of(late)
    assert (result.submission, result.student_id, result.late, result.submission_hash) == (
        "grace",
        "7",
        True,
        late.hash,
    )
    assert result.exercises == of("ada", b"x = 1")[1].exercises
    assert known.of(Submission("grace", {"losses": b"x = 1 "})) is None
    assert known.of(Submission("grace", {"losses": b"x = 1", "neurons": b""})) is None
    assert known.of(Submission("alan", {"losses": b"x = 3"})) is None
