"""A grading command begins as a process with torch and nothing else, and forks the zygote from that."""

import json
import os
import subprocess
import sys

import pytest

COMMAND = '''
import json, os, sys
from backpass.course.manifest import Limits
from backpass.worker import root
from backpass.worker.client import Worker, Zygote
from backpass.worker.calls import Call

SOURCE = b"""
import gc, os, sys
def looks_around():
    word = "".join(["a-", "sec", "ret"])
    held = [each for each in gc.get_objects() if type(each) in (list, dict) and word in map(str, each)]
    return [*sorted(os.environ), *sys.argv, *sys.orig_argv, len(held), "the_command" in sys.modules, os.getcwd()]
"""

def run():
    zygotes = [Zygote(Limits()), Zygote(Limits())]  # one that was forked, one that starts for itself
    seen = []
    for zygote in zygotes:
        with zygote, Worker(zygote, {"losses": SOURCE}) as worker:
            seen.append(worker.call("losses", "looks_around", [Call({})])[0].value)
            was_forked = isinstance(zygote._process, root.Forked)
        seen.append(was_forked)
    print(json.dumps([seen, sys.argv, os.environ["WORD"], os.environ["OMP_NUM_THREADS"], os.getcwd()]))
    return 3

if __name__ == "__main__":
    root.begin_anew("the_command:run", ["command", *sys.argv[1:]])
    print("it came back")
'''


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the command goes on as it is")
def test_the_forked_zygote_has_nothing_of_the_command(tmp_path):
    (tmp_path / "the_command.py").write_text(COMMAND, encoding="utf-8")
    environment = os.environ | {"WORD": "a-secret", "PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path])}
    command = [sys.executable, str(tmp_path / "the_command.py"), "--token", "a-secret"]
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 3, done.stderr
    (forked, was_forked, started, was_started), argv, word, threads, folder = json.loads(done.stdout)
    assert (was_forked, was_started) == (True, False)
    assert forked == started
    assert "WORD" not in forked
    assert forked[-3:] == [0, False, "/"]
    assert argv == ["command", "--token", "a-secret"]
    assert (word, threads, folder) == ("a-secret", environment.get("OMP_NUM_THREADS", "1"), str(tmp_path))
