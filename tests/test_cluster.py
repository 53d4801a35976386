"""Grading on a cluster: marks as on one machine, also where a node is lost, and none from a node that is another."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from backpass import pool as pools
from backpass.cli import app

pytest.importorskip("distributed", reason="distributed is not installed here")
if sys.platform != "linux":
    pytest.skip("nodes need Linux", allow_module_level=True)

ROOT = Path(__file__).resolve().parent.parent
SOFTMAX = "def softmax(logits, dim=-1):\n    return "
RIGHT = SOFTMAX + "(logits - logits.amax(dim, keepdim=True)).softmax(dim)\n"
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
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-show")

    def worker(self, name, cwd=ROOT):
        arguments = (self.address, "--no-nanny", "--nthreads", "1", "--name", name)
        return self._start("worker", *arguments, "--local-directory", str(self._folder), cwd=cwd)

    def _start(self, kind, *arguments, cwd=ROOT):
        command = [sys.executable, "-m", f"distributed.cli.dask_{kind}", *arguments, "--no-dashboard"]
        log = self._stack.enter_context((self._folder / f"{kind}-{time.monotonic_ns()}").open("wb"))
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        process = subprocess.Popen(command, cwd=cwd, env=environment, stdout=log, stderr=log)
        self._stack.callback(process.wait)
        self._stack.callback(process.kill)
        return process
