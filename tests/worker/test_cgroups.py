"""Groups of the kernel's, where a part of their tree is delegated: what a zygote forks is counted together."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from backpass.worker import cgroups
from backpass.worker.client import Zygote
from backpass.worker.warm import CGROUP

ROOT = Path(__file__).resolve().parents[2]
# As `systemd-run --scope -p Delegate=yes` has it: a group with this process in it, and nobody else.
ALONE = """
import os, sys
from pathlib import Path
group = Path("/sys/fs/cgroup/backpass-test")
group.mkdir()
(group / "cgroup.procs").write_text("0")
"""
GRADES = """
import time
from backpass.course.manifest import Limits
from backpass.worker.client import Worker, Zygote
from backpass.worker.clock import number_of
from backpass.worker.calls import Call
SOURCE = b'''
import os, time, torch
def takes(megabytes):
    return torch.ones(megabytes << 18).numel()
def forks():
    while os.fork() != 0:
        pass
    time.sleep(60)
'''
with Zygote(Limits(seconds_a_request=60, memory=64), layers=("cgroup",)) as first:
    zygote = first.split()
    with Worker(zygote, {"losses": SOURCE}) as worker:
        print(first.active_layers)
        print(worker.call("losses", "takes", [Call({"megabytes": 100})])[0].value)
        place = Path(f"/proc/{number_of(worker._pidfd)}/cgroup").read_text().strip().rpartition("/")[2]
        print((group / place / "memory.max").read_text().strip(), (group / place / "pids.max").read_text().strip())
        print(worker.call("losses", "takes", [Call({"megabytes": 400})])[0].raised.kind)
        print(worker.call("losses", "forks", [Call({})])[0].raised.kind)
    zygote.close()
"""


def in_a_process(text):
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.run([sys.executable, "-c", text], env=environment, capture_output=True, text=True, check=False)


def remove(group):
    (group / "cgroup.kill").write_text("1")
    time.sleep(1)
    for folder in (*group.glob("*/"), group):
        if folder.is_dir():
            folder.rmdir()


def is_delegated():
    root = Path("/sys/fs/cgroup/cgroup.subtree_control")
    return root.is_file() and os.access(root, os.W_OK) and {"memory", "pids"} <= {*root.read_text().split()}


delegated = pytest.mark.skipif(not is_delegated(), reason="no part of the kernel's control groups may be used here")


@delegated
def test_a_submission_takes_no_more_than_its_group():
    try:
        told = in_a_process(ALONE + GRADES)
        assert told.returncode == 0, told.stderr
        numbers = [f"{100 << 18}", f"{4 * 64 << 20} 16"]
        assert told.stdout.splitlines() == ["('cgroup',)", *numbers, "died", "BlockingIOError"]
    finally:
        remove(Path("/sys/fs/cgroup/backpass-test"))


@delegated
def test_where_others_are_in_the_group_nothing_changes():
    group = Path("/sys/fs/cgroup/backpass-test")
    ask = """
from backpass.worker import cgroups
child = os.fork()
if child == 0:
    import time; time.sleep(60)
other = os.fork()
if other == 0:
    import time; time.sleep(60)
print(cgroups.enclose(child, 1 << 30), Path("/proc/self/cgroup").read_text().count("/backpass-test\\n"))
print(sorted(each.name for each in group.glob("*/")))
os.kill(child, 9), os.kill(other, 9), os.wait(), os.wait()
"""
    try:
        told = in_a_process(ALONE + ask)
        assert told.stdout == "False 1\n[]\n", told.stderr
    finally:
        remove(group)


def test_where_there_are_none_nothing_changes(tmp_path, monkeypatch):
    monkeypatch.setattr(cgroups, "_ROOT", tmp_path)
    monkeypatch.setattr(cgroups, "_tree", [])
    with Zygote() as zygote:
        assert CGROUP not in zygote.active_layers
    assert list(tmp_path.iterdir()) == []
