"""Grading on a cluster: marks as on one machine, also where a node is lost, and none from a node that is another."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from backpass import pool as pools
from backpass.cli import app
from backpass.graders import Graders
from backpass.pool import GradingStopped
from backpass.results import Isolation
from backpass.submission import HandIn

pytest.importorskip("distributed", reason="distributed is not installed here")
if sys.platform != "linux":
    pytest.skip("nodes need Linux", allow_module_level=True)

from backpass.cluster import head
from backpass.cluster.head import Cluster
from backpass.cluster.server import Report

ROOT = Path(__file__).resolve().parent.parent
SOFTMAX = "def softmax(logits, dim=-1):\n    return "
CLASS = {
    "ada": SOFTMAX + "logits.exp() / logits.exp().sum(dim, keepdim=True)\n",
    "ben": SOFTMAX + "(logits - logits.max()).exp() / (logits - logits.max()).exp().sum()\n",
    "cleo": SOFTMAX + "logits.softmax(dim)\n",
    "dan": "import nothing_of_this_name\n",
    "eve": "",
}


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


@pytest.fixture(scope="module")
def small(course):
    """The course with one unit, which is quick to grade."""
    return replace(course, units=(course.unit("losses"),))


@pytest.fixture(scope="module")
def small_graders(small):
    return Graders(small)


@pytest.fixture(autouse=True)
def quick(small, small_graders, zygote, monkeypatch):
    """What is graded here, and not on the cluster, has the zygote and the graders of the tests."""
    monkeypatch.setattr("backpass.cli.instructors_course", lambda: small)
    monkeypatch.setattr(pools, "Zygote", lambda *_, **__: contextlib.nullcontext(zygote))
    monkeypatch.setattr(pools, "Graders", lambda course: small_graders)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("class")
    for name, source in CLASS.items():
        (folder / name).mkdir()
        (folder / name / "losses.py").write_text(source)
    (folder / "fay.zip").write_bytes(b"no zip")
    return folder


def grade(*arguments, exit_code=0):
    """The output of `backpass grade`, in one line."""
    ran = CliRunner().invoke(app, ["grade", *map(str, arguments)])
    assert ran.exit_code == exit_code, ran.output
    return " ".join(ran.output.split())


def hand_ins(folder):
    return [HandIn(path.stem, path) for path in sorted(folder.iterdir())]


def below(pid):
    """The processes that a process has started, and those that these have."""
    found = []
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += [each for child in children.read_text().split() for each in (int(child), *below(child))]
    return found


def tcp_sockets_of(pid):
    tables = [Path(f"/proc/net/{name}").read_text().splitlines()[1:] for name in ("tcp", "tcp6")]
    known = {f"socket:[{line.split()[9]}]" for table in tables for line in table}
    return [link for each in Path(f"/proc/{pid}/fd").iterdir() if (link := str(each.readlink())) in known]


def test_marks_are_those_of_one_machine_also_when_a_worker_is_killed(processes, small, folder):
    with pools.Pool(small, 1) as pool:
        undisturbed = {result.submission: result for result in pool.grade(hand_ins(folder))}
    workers = [processes.start_worker() for _ in range(2)]
    told, results = [], {}
    with Cluster(small, processes.address, Isolation.sandbox, told.append) as cluster:
        for result in cluster.grade(hand_ins(folder)):
            results[result.submission] = result
            if len(results) == 1:
                victim = next(worker for worker in workers if below(worker.pid))
                victim.kill()
        assert cluster.hash == result.grading_hash
    assert results == undisturbed
    assert "is lost. What it was at is graded on other workers." in " ".join(told)
    for worker in workers:
        worker.kill()


def test_a_node_with_other_graders_marks_nothing_and_one_without_sandbox_when_told_to(
    processes, small, folder, tmp_path
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
    open_to_all = processes.start_worker(PYTHONPATH=f"{patch}:{ROOT}", PATH="/nowhere")
    told = []
    with Cluster(small, processes.address, Isolation.process, told.append) as cluster:
        results = cluster.grade(hand_ins(folder))
        assert next(results).isolation == "process"
        assert "grades nothing" in " ".join(told)
        assert "the course is another one (graders/losses/test_losses.py)" in " ".join(told)
        grading = below(open_to_all.pid)
        assert len(grading) >= 3  # the server, its fork that grades, a zygote
        assert tcp_sockets_of(open_to_all.pid)
        assert [tcp_sockets_of(pid) for pid in grading] == [[]] * len(grading)
        results.close()  # as Ctrl-C does
        until = time.monotonic() + 5
        while any(Path(f"/proc/{pid}").exists() for pid in grading):
            assert time.monotonic() < until
            time.sleep(0.05)


def test_a_node_without_a_sandbox_is_refused_by_name(small):
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
    with pytest.raises(GradingStopped, match="No worker of tcp://head:8786 may grade"):
        cluster._see_that_there_are_workers()


def test_no_scheduler_is_one_clear_sentence(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(head, "_SECONDS_TO_CONNECT", 0.2)
    told = grade(folder, "--out", tmp_path / "out", "--cluster", "tcp://127.0.0.1:9", exit_code=2)
    assert "No scheduler answers at 'tcp://127.0.0.1:9'" in told
    assert "no --jobs" in grade(folder, "--out", tmp_path / "out", "--cluster", "x", "--jobs", 2, exit_code=2)
