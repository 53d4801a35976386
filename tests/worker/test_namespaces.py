"""Namespaces alone, without the layers that refuse what is out of sight there."""

import os
import sys
from pathlib import Path

import pytest

from backpass.worker.calls import Call
from backpass.worker.client import Worker, Zygote
from backpass.worker.confinement import NAMESPACES

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux's")
SOURCE = b"""
import os, socket, torch

def read(path):
    return open(path).read()

def empty(path):
    os.truncate(path, 0)

def write():
    open("/file", "w")

def signal(process):
    os.kill(process, 0)

def connect():
    socket.create_connection(("127.0.0.1", 1))

def spoil():
    os.truncate(torch.__file__, 0)
"""


def test_what_is_outside_is_out_of_sight(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("x")
    with Zygote(layers=(NAMESPACES,)) as zygote:
        if NAMESPACES not in zygote.active_layers:
            pytest.skip("namespaces cannot be had here")
        with Worker(zygote, {"unit": SOURCE}) as worker:
            tried = {
                "read": {"path": str(secret)},
                "empty": {"path": str(secret)},
                "write": {},
                "signal": {"process": os.getpid()},
                "connect": {},
                "spoil": {},
            }
            raised = {name: worker.call("unit", name, [Call(given)])[0].raised.text for name, given in tried.items()}
    assert secret.read_text() == "x"
    for name in ("read", "empty"):
        assert "No such file" in raised[name]
    for name in ("write", "spoil"):
        assert "Read-only file system" in raised[name]
    assert "No such process" in raised["signal"]
    assert "unreachable" in raised["connect"]


def test_where_namespaces_cannot_be_had_nothing_is_changed(monkeypatch):
    from backpass.worker import namespaces

    def refused():
        raise PermissionError

    monkeypatch.setattr(namespaces, "_unshare", refused)
    process = os.getpid()
    assert not namespaces.enter(["/usr/lib"])
    assert os.getpid() == process
    assert Path("/etc").is_dir()
