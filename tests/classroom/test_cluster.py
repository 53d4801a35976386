"""Grading on a cluster: marks as on one machine, also where a node is lost, and none from a node that is another."""

import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest
from typer.testing import CliRunner

from backpass.classroom import pool as pools
from backpass.classroom.pool import GradingStopped
from backpass.cli import app
from backpass.student.hand_ins import HandIn
from backpass.worker.sandbox import Isolation

pytest.importorskip("distributed", reason="distributed is not installed here")
if sys.platform != "linux":
    pytest.skip("nodes need Linux", allow_module_level=True)

from backpass.classroom.cluster import head
from backpass.classroom.cluster.head import Cluster
from backpass.classroom.cluster.server import Report

# What is graded here, and not on the cluster, has the zygote and the graders of the tests.
pytestmark = pytest.mark.usefixtures("quick")

ROOT = Path(__file__).resolve().parents[2]


class Processes:
    """A scheduler on loopback, and workers without nannies: none is started anew."""

    def __init__(self, stack, folder):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address = f"tcp://127.0.0.1:{port}"
        self._stack = stack
        self._folder = folder
        self._start("scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-show")

    def start_worker(self, cwd=ROOT, **environment):
        arguments = (self.address, "--no-nanny", "--nthreads", "1", "--local-directory", str(self._folder))
        return self._start("worker", *arguments, cwd=cwd, **environment)

    def _start(self, kind, *arguments, cwd=ROOT, **environment):
        log = self._stack.enter_context((self._folder / f"{kind}-{time.monotonic_ns()}").open("wb"))
        process = subprocess.Popen(
            [sys.executable, "-m", "dask", kind, *arguments, "--no-dashboard"],
            cwd=cwd,
            env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
            stdout=log,
            stderr=log,
        )
        self._stack.callback(process.wait)
        self._stack.callback(process.kill)
        return process


@pytest.fixture(scope="module")
def processes(tmp_path_factory):
    with ExitStack() as stack:
        yield Processes(stack, tmp_path_factory.mktemp("cluster"))


def grade(*arguments, exit_code=0):
    """The output of `backpass grade`, in one line."""
    ran = CliRunner().invoke(app, ["grade", *map(str, arguments)])
    assert ran.exit_code == exit_code, ran.output
    return " ".join(ran.output.split())


def hand_ins(folder):
    return [HandIn(path.stem, path) for path in sorted(folder.iterdir())]


def below(process):
    """The processes that one has started, and those that these have."""
    return psutil.Process(process.pid).children(recursive=True)


def connections(process):
    """The TCP connections of a process; the worker of a submission may have ended meanwhile."""
    try:
        return process.net_connections("tcp")
    except psutil.NoSuchProcess:
        return []


def test_marks_are_those_of_one_machine_also_when_a_worker_is_killed(processes, small, class_folder):
    with pools.Pool(small, 1) as pool:
        undisturbed = {result.submission: result for result in pool.grade(hand_ins(class_folder))}
    workers = [processes.start_worker()]
    told, results = [], {}
    with Cluster(small, processes.address, Isolation.sandbox, told.append) as cluster:
        for result in cluster.grade(hand_ins(class_folder)):
            results[result.submission] = result
            if len(results) == 1:  # so it was ready, and is at others
                workers[0].kill()
                workers.append(processes.start_worker())
        assert cluster.hash == result.grading_hash
    assert results == undisturbed
    assert "is lost. What it was at is graded on other workers." in " ".join(told)
    for worker in workers:
        worker.kill()


def test_a_node_with_other_graders_marks_nothing_and_one_without_sandbox_when_told_to(
    processes, small, class_folder, tmp_path
):
    other, patch = tmp_path / "other", tmp_path / "patch"
    for name in ("graders", "solutions"):
        shutil.copytree(ROOT / name, other / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "course.toml", other)
    with (other / "graders" / "losses" / "test_losses.py").open("a") as file:
        file.write("# more\n")
    patch.mkdir()
    (patch / "sitecustomize.py").write_text(
        "import backpass.worker.confinement as confinement\nconfinement.LAYERS = ('limits',)\n"
    )
    processes.start_worker(cwd=other)
    told, started = [], []

    def tell(text):
        told.append(text)
        if "grades nothing" in text:  # on a busy machine it may be greeted later than one that starts after it
            started.append(processes.start_worker(PYTHONPATH=f"{patch}:{ROOT}", PATH="/nowhere"))

    with Cluster(small, processes.address, Isolation.process, tell) as cluster:
        results = cluster.grade(hand_ins(class_folder))
        assert next(results).isolation == "process"
        (open_to_all,) = started
        assert "the course is another one (graders/losses/test_losses.py)" in " ".join(told)
        grading = below(open_to_all)
        assert len(grading) >= 3  # the server, its fork that grades, a zygote
        assert connections(psutil.Process(open_to_all.pid))
        assert [connections(process) for process in grading] == [[]] * len(grading)
        results.close()  # as Ctrl-C does
        _, alive = psutil.wait_procs(grading, timeout=5)
        assert not alive


def test_a_node_without_a_sandbox_is_refused_by_name(small, monkeypatch):
    told = []
    cluster = Cluster(small, "tcp://head:8786", Isolation.sandbox, told.append)
    report = Report("node3", {}, "process", ("limits",), ("read your files", "start a process"))
    greeting = SimpleNamespace(done=lambda: True, result=lambda timeout: report)
    cluster._members["tcp://node3:1"] = member = head._Member("tcp://node3:1", 4, greeting)
    cluster._take_greeting(member)
    assert told == [
        "node3 (tcp://node3:1) grades nothing: the sandbox is incomplete there (layers: limits). A submission could: "
        "read your files; start a process. Accept this with --isolation process."
    ]
    cluster._had_workers = time.monotonic()
    cluster._see_that_there_are_workers()  # another one may be about to start
    monkeypatch.setattr(head, "_OTHERS_COME", 0.0)
    with pytest.raises(GradingStopped, match="No worker of tcp://head:8786 may grade"):
        cluster._see_that_there_are_workers()


def test_no_scheduler_is_one_clear_sentence(class_folder, tmp_path, monkeypatch):
    monkeypatch.setattr(head, "_SECONDS_TO_CONNECT", 0.2)
    told = grade(class_folder, "--out", tmp_path / "out", "--cluster", "tcp://127.0.0.1:9", exit_code=2)
    assert "No scheduler answers at 'tcp://127.0.0.1:9'" in told
    assert "no --jobs" in grade(class_folder, "--out", tmp_path / "out", "--cluster", "x", "--jobs", 2, exit_code=2)
