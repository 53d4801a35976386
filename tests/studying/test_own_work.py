"""`pytest exercises/` on one's own work: what hangs, prints or does not parse, in a process that can be killed."""

import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from backpass.course.manifest import Course
from backpass.student.debuggers import calls_a_debugger
from backpass.studying.own_work import OwnWork
from backpass.studying.progress import Progress
from backpass.worker.calls import Call
from backpass.worker.client import Worker
from backpass.worker.own import OwnProcesses
from backpass.wrapping import fitted, with_paths

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def folder(tmp_path):
    for name in ("exercises", "starter"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("course.toml", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    manifest = tmp_path / "course.toml"
    manifest.write_text(manifest.read_text().replace("seconds_a_request = 10", "seconds_a_request = 2"))
    return tmp_path


def write(folder, unit, *bodies):
    file = folder / "starter" / f"{unit}.py"
    text = file.read_text()
    for body in bodies:
        text = text.replace("raise NotImplementedError", body, 1)
    file.write_text(text)


def run(folder, *options, before="", after=""):
    code = f"{before}\nimport sys, pytest\nstatus = pytest.main(sys.argv[1:])\n{after}\nsys.exit(status)"
    return subprocess.run(
        [sys.executable, "-c", code, *options],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT), "COLUMNS": "80"},
        capture_output=True,
        text=True,
        check=False,
    )


# As Python ends: what slows a start, and whether torch is kept from the garbage collector.
LOADED = """
import atexit, gc, sys
SLOW = ("hypothesis", "rich", "typer", "sympy", "scipy", "torch._dynamo", "torch._inductor")
atexit.register(lambda: print([name for name in SLOW if name in sys.modules], gc.get_freeze_count(), file=sys.stderr))
"""


def test_a_loop_a_print_and_a_bracket(folder):
    Progress(Course.load(folder)).record({"losses.softmax": "done"})
    write(
        folder,
        "neurons",
        "while True:\n        print('again')",
        "print('x is', x)\n    return x @ weight + bias",
        *["return [][0]"] * 4,  # the last, least_squares, has two checks
    )
    write(folder, "losses", "return torch.mean((pred - target) ** 2")
    ran = run(folder, "exercises/neurons", "exercises/losses", before=LOADED)
    assert ran.returncode == 1
    slow, _, frozen = ran.stderr.rstrip().rpartition(" ")
    assert slow == "[]" and int(frozen) > 100_000
    lines = ran.stdout.rstrip().split("\n")
    assert max(map(len, lines)) <= 80
    assert any(line.startswith("Next: One neuron.") for line in lines[-2:])  # the map comes last
    assert "short test summary" not in ran.stdout
    assert "? all 12" in ran.stdout and "? does not import" in ran.stdout
    assert "x is tensor(" in ran.stdout and "Your code prints in neurons.neuron, neurons.linear" in " ".join(lines)
    assert "\nagain\n" in ran.stdout and "lines more" in ran.stdout
    assert "what ends the loop" in " ".join(ran.stdout.split())
    assert "FsF" in ran.stdout  # the second check of a function that hangs does not wait for it again
    assert ran.stdout.count("list index out of range") == 4 and "\nAs above.\n\n    x = " in ran.stdout
    assert ran.stdout.count("was never closed") == 1 and "Fsssssss" in ran.stdout  # one module, one block
    code = next(number for number, line in enumerate(lines) if "losses.py:" in line and "return" in line)
    assert lines[code + 1].index("^") == lines[code].index("(")
    progress = Progress(Course.load(folder))
    assert progress.state("losses.softmax") == "done"  # a bracket costs no progress
    assert progress.state("neurons.linear") == "wrong"


WINDOWS = """
import ctypes, os, socket, sys
class CDLL(ctypes.CDLL):
    def __init__(self, name, *args, **kwargs):
        if name is None:
            raise TypeError
        super().__init__(name, *args, **kwargs)
ctypes.CDLL = CDLL
for name in ("fork", "killpg", "setsid", "pidfd_open", "WIFSIGNALED", "WTERMSIG", "WIFEXITED", "WEXITSTATUS"):
    delattr(os, name)
del socket.send_fds, socket.recv_fds
sys.modules |= dict.fromkeys(("fcntl", "termios", "tty", "resource"))
"""


OTHERS = """
from pathlib import Path
from rich.console import Console
from typer.testing import CliRunner
from backpass.cli import app
from backpass.course.manifest import Course
from backpass.studying.judge import Judge
from backpass.studying.watch import Watch
for line in (["hint", "linear"], ["quiz", "losses"]):
    print(CliRunner().invoke(app, line, input="q\\n").output)
course = Course.load(Path())
with Judge(course) as judge:
    Watch(course, judge, Console(width=80)).judged()
"""


def test_without_fork_a_fresh_process_does(folder):
    shutil.copytree(ROOT / "solutions" / "quizzes", folder / "solutions" / "quizzes")
    write(folder, "neurons", "return (x * weight).sum() + bias", "print('a line')\n    return x @ weight.T + bias")
    ran = run(folder, "exercises/neurons", "-k", "neuron_weighs", before=WINDOWS, after=OTHERS)
    said = " ".join(ran.stdout.split())
    assert "A sigmoid keeps it in 0..1" in said, ran.stdout + ran.stderr
    assert "Hint 1 of" in said and "this quiz was not counted" in said, ran.stdout + ran.stderr
    assert "neurons.linear passes all its public checks." in said and "): a line" in said, ran.stdout + ran.stderr


def test_the_next_fresh_process_is_ready_when_one_has_ended(course):
    source = {"losses": b"def softmax(logits, dim=-1):\n    return [logits]"}
    with OwnProcesses(replace(course.limits, seconds_a_request=20), fresh=True, ahead=True) as processes:
        for _ in range(2):
            with Worker(processes, source) as worker:
                assert worker.call("losses", "softmax", [Call({"logits": 3})])[0].value == [3]


def test_a_process_ends_with_the_one_that_started_it(folder):
    write(folder, "neurons", "while True: pass")
    file = folder / "pid"
    code = f"""
from pathlib import Path
from backpass.course.manifest import Course
from backpass.studying.own_work import OwnWork
from backpass.worker.calls import Call
course = Course.load(Path({str(folder)!r}))
own = OwnWork(course, course.root / "starter")
own.broken("neurons")
Path({str(file)!r}).write_text(str(own._worker._pid))
own.ask("neurons", "neuron", [Call(dict(x=1, weight=1, bias=1))])
"""
    process = subprocess.Popen([sys.executable, "-c", code], env=os.environ | {"PYTHONPATH": str(ROOT)})
    while not (file.exists() and file.read_text()):
        time.sleep(0.05)
    process.kill()
    process.wait()
    until = time.monotonic() + 10
    while Path(f"/proc/{file.read_text()}").exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert not Path(f"/proc/{file.read_text()}").exists()


def test_a_debugger_has_the_code_in_its_own_process(folder):
    assert calls_a_debugger(folder / "starter", ("neurons", "losses")) == ""
    write(folder, "losses", "import pdb; pdb.set_trace()")
    assert calls_a_debugger(folder / "starter", ("neurons", "losses")).startswith("losses.py:")
    write(folder, "neurons", "raise KeyboardInterrupt", "print('here')")
    with OwnWork(Course.load(folder), folder / "starter", here=True) as own:
        with pytest.raises(KeyboardInterrupt):
            own.ask("neurons", "neuron", [Call(dict(x=1, weight=1, bias=1))])
        own.ask("neurons", "linear", [Call(dict(x=1, weight=1, bias=1))])
    assert own.printed == {}  # it was displayed as it was printed


# What a shell starts in the background does not hear Ctrl-C.
HEARS_CTRL_C = """
import signal, sys, pytest
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.exit(pytest.main(sys.argv[1:]))
"""


def test_ctrl_c_ends_a_loop_and_the_run(folder):
    write(folder, "neurons", "while True: pass")
    process = subprocess.Popen(
        [sys.executable, "-c", HEARS_CTRL_C, "exercises/neurons"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
    )
    said = ""
    while "test_neurons.py" not in said:
        said += process.stdout.read(1)
    time.sleep(1)  # and in the loop
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "Stopped in neurons.neuron." in rest and "Traceback" not in rest


def test_breakpoint_in_a_real_terminal(open_terminal, folder):
    write(folder, "neurons", "breakpoint()\n    return x")
    terminal = open_terminal(folder, "--version", "&&", sys.executable, "-m", "pytest", "exercises/neurons")
    assert "Your code runs in this process, for neurons.py:" in terminal("(Pdb)")
    assert "tensor" in terminal("tensor", ["p x", "Enter"])
    terminal("Stopped in neurons.neuron", ["q", "Enter"])


def test_places_are_links():
    message = "Wrong.\n\n    losses.py:3:  f(\n                  ^\n    losses.py:4:\n    x\n    ^"
    told = with_paths(message, "starter/{}.py".format)
    assert told.endswith(
        "    starter/losses.py:3:  f(\n                          ^\n    starter/losses.py:4:\n    x\n    ^"
    )
    assert with_paths(told, "starter/{}.py".format) == told


def test_messages_fit_the_screen():
    assert fitted("    # one two three four", 20) == "    # one two three\n    # four"
    text = "A sentence that is longer than the screen.\n\n    starter/x.py:1:  return some_function(of, many)\n"
    text += " " * 35 + "^^^^^^^^"
    told = fitted(text, 30).split("\n")
    assert max(map(len, told)) <= 30
    assert told[0] == "A sentence that is longer than"
    code, marks = told[-2:]
    assert code[marks.index("^") : marks.rindex("^") + 1] == text.split("\n")[2][35:43]
