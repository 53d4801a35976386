"""`backpass watch`: what a save and a key come to, and the whole of it in a real terminal."""

import io
import os
import shutil
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest
from rich.console import Console

from backpass.course.manifest import Course
from backpass.judging.graders import PublicChecks
from backpass.studying.judge import Judge
from backpass.studying.progress import Progress
from backpass.studying.watch import Watch

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def judge():
    with Judge(Course.load(ROOT)) as judge:
        yield judge


@pytest.fixture
def folder(tmp_path):
    for name in ("exercises", "starter", "solutions"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("course.toml", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


class Session:
    """A watch on a folder, with a screen that can be read."""

    def __init__(self, folder, judge, width=80):
        self.folder, self.output = folder, io.StringIO()
        self.watch = Watch(Course.load(folder), judge, Console(file=self.output, width=width))

    def write(self, name, body, unit="neurons"):
        file = self.folder / "starter" / f"{unit}.py"
        head, definition, rest = file.read_text().partition(f"def {name}(")
        file.write_text(head + definition + rest.replace("raise NotImplementedError", body, 1))
        return self.screen(self.watch.saved)

    def screen(self, action, *arguments):
        self.output.seek(0)
        self.output.truncate()
        self.result = action(*arguments)
        return " ".join(self.output.getvalue().split())

    def press(self, key):
        return self.screen(self.watch.pressed, key)


@pytest.fixture
def session(folder, judge):
    return Session(folder, judge)


def test_it_begins_with_the_first_exercise_that_is_not_done(session):
    screen = session.screen(session.watch.judged)
    assert "neurons.neuron" in screen and "Read exercises/neurons/README.md" in screen
    assert session.watch.current.id == "neurons.neuron"


def test_a_save_judges_what_was_edited_names_the_mistake_and_moves_on_when_it_is_right(session):
    screen = session.write("linear", "return x @ weight + bias")
    assert session.watch.current.id == "neurons.linear"
    assert session.result.state == "wrong"
    assert "starter/neurons.py:" in screen
    session.press("r")
    session.press("y")
    screen = session.write("linear", "return x @ weight.T + bias")
    assert "neurons.linear passes all its public checks" in screen
    assert "Next: neurons.collapse_linear" in screen
    assert Progress(session.watch.course).state("neurons.linear") == "done"


def test_a_save_that_changes_nothing_is_not_judged(session):
    assert session.watch.saved() is None
    (session.folder / "starter" / "neurons.py").touch()
    assert session.watch.saved() is None


def test_a_change_around_the_functions_is_judged_by_the_exercise_at_hand(session):
    file = session.folder / "starter" / "neurons.py"
    file.write_text("(((" + file.read_text())
    assert session.watch.saved().message.startswith("neurons.py does not import: SyntaxError")
    assert session.watch.current.id == "neurons.neuron"


@pytest.mark.parametrize(("how", "why"), [(lambda: os._exit(3), "ended (3)"), (lambda: bytearray(8 << 30), "Memory")])
def test_what_an_answer_does_to_its_judge_leaves_the_screen_alone(folder, judge, monkeypatch, how, why):
    run, here = PublicChecks.run, os.getpid()

    def lost(self, check, student):
        assert os.getpid() != here, "answers are decoded where the screen is"
        how()
        run(self, check, student)

    session = Session(folder, judge)
    monkeypatch.setattr(PublicChecks, "run", lost)
    screen = session.write("neuron", "return bias")
    assert "could not be judged" in screen and why in screen
    monkeypatch.undo()
    assert "you return" in session.screen(session.watch.judged)


def test_an_endless_loop_ends(folder, judge):
    session = Session(folder, judge)
    screen = session.write("neuron", "print('z is', bias)\n    while True: pass")
    assert session.result.state == "wrong"
    assert "what ends the loop there?" in session.result.message
    assert "Your code printed" in screen and "z is tensor(" in screen


def test_keys(session):
    session.watch.judged()
    assert "hint 1 of 3" in session.press("h")
    assert "hint 2 of 3" in session.press("h")
    session.press("n")
    assert session.watch.current.id == "neurons.linear"
    assert "Show the solution all the same" in session.press("s")
    assert "def linear" not in session.press("n")
    session.press("s")
    screen = session.press("y")
    assert "the reference" in screen
    assert "x @ weight.T + bias" in screen
    assert "raise NotImplementedError" in screen
    assert session.watch.pressed("?") is True
    assert session.watch.pressed("q") is False


def test_the_list_searches_and_jumps_and_the_place_is_remembered(session, folder, judge):
    session.watch.judged()
    screen = session.press("l")
    assert "> . neurons.neuron" in screen and "losses.mse_loss" in screen
    for key in "/adam":
        screen = session.press(key)
    assert (
        "Search: adam_" in screen and "optimizers.adam_step" in screen and "neurons" not in screen.partition("Read")[0]
    )
    assert "> . optimizers.adamw_step" in session.press("down")
    assert "optimizers.adamw_step Decay" in session.press("\r")
    assert Session(folder, judge).watch.current.id == "optimizers.adamw_step"
    session.press("l")
    for key in "zzq":
        screen = session.press(key)
    assert "no exercise has this" in screen
    session.press("escape")
    assert session.watch.current.id == "optimizers.adamw_step"


def test_n_goes_where_next_says(session):
    screen = session.write("linear", "return x @ weight.T + bias")
    assert "Next: neurons.collapse_linear" in screen
    assert "neurons.collapse_linear" in session.press("n")
    assert session.watch.current.id == "neurons.collapse_linear"


def test_breakpoint_is_told_what_to_do(session):
    screen = session.write("neuron", "breakpoint()\n    return bias")
    assert "`pytest exercises/` runs your code where you can" in screen


def test_what_does_not_import_has_a_place_that_editors_open(session):
    assert "starter/neurons.py:30: return (bias" in session.write("neuron", "return (bias")


def test_what_the_code_printed_is_displayed(session):
    screen = session.write("neuron", "print('the sum is', (x * weight).sum())\n    return bias")
    assert "Your code printed" in screen and "the sum is tensor(" in screen


def test_a_reset_keeps_what_was_written(session):
    session.write("neuron", "return 0")
    assert "y/n" in session.press("r")
    assert "is a stub again" in session.press("y")
    (backup,) = (session.folder / "backups").iterdir()
    assert "return 0" in backup.read_text()
    assert "return 0" not in (session.folder / "starter" / "neurons.py").read_text()


def test_without_solutions_there_are_none_to_show(session):
    shutil.rmtree(session.folder / "solutions")
    assert "has no solutions" in session.press("s")


def test_in_a_real_terminal(open_terminal, folder):
    terminal = open_terminal(folder, "watch")
    terminal("Not started yet.")
    file = folder / "starter" / "neurons.py"
    stub = file.read_text()
    file.write_text(stub.replace("raise NotImplementedError", "while True: pass", 1))
    terminal("judging ...", within=8)  # and the next save does not wait for it
    file.write_text(stub.replace("raise NotImplementedError", "return (x * weight).sum() + bias", 1))
    terminal("you return")
    assert max(map(len, terminal("q quit").splitlines())) <= 80
    terminal("hint 1 of 3", ["h"])
    right = "return (1 + torch.tanh(((x * weight).sum() + bias) / 2)) / 2"
    file.write_text(stub.replace("raise NotImplementedError", right, 1))
    terminal("passes all its public checks")
    assert "the reference" in terminal("the reference", ["s"])
    progress = tomllib.loads((folder / "progress.toml").read_text())
    assert progress["exercises"] == {"neurons.neuron": "done"}
    assert progress["hints"] == {"neurons.neuron": 1}


def test_without_a_terminal_it_prints_what_it_would_display(folder):
    command = [sys.executable, "-m", "backpass", "watch"]
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        for line in process.stdout:
            if "Not started yet." in line:
                break
        file = folder / "starter" / "neurons.py"
        time.sleep(0.5)
        file.write_text(file.read_text().replace("raise NotImplementedError", "return bias", 1))
        seen = ""
        for line in process.stdout:
            seen += line
            if "you return" in line:
                break
        assert "judging ..." in seen
        assert "\x1b" not in seen
    finally:
        process.kill()
        process.wait()
