"""What the kit's own tests share: the course, its graders, and one zygote for all."""

import os
import shutil
import subprocess
import sys
import time
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest

from backpass.course.manifest import Course, Limits
from backpass.explaining.grader import HiddenGrader
from backpass.worker.client import Zygote

collect_ignore = ["data"]  # which hold files that pytest must not load
ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def course():
    return Course.load(ROOT)


@pytest.fixture(scope="session")
def grader(course):
    return HiddenGrader(course)


@pytest.fixture(scope="session")
def zygote():
    with Zygote(Limits(seconds_a_request=10, seconds_a_submission=60)) as zygote:
        yield zygote


@pytest.fixture(scope="session")
def small(course):
    """The course with one unit, which is quick to grade."""
    return replace(course, units=(course.unit("losses"),))


@pytest.fixture(scope="session")
def small_grader(small):
    return HiddenGrader(small)


@pytest.fixture
def quick(small, small_grader, zygote, monkeypatch):
    """The course of one unit is the instructor's, and pools start at once: with the zygote and graders of the tests."""
    monkeypatch.setattr("backpass.cli.instructors_course", lambda: small)
    monkeypatch.setattr("backpass.classroom.pool.Zygote", lambda *_, **__: nullcontext(zygote))
    monkeypatch.setattr("backpass.classroom.pool.HiddenGrader", lambda course: small_grader)


@pytest.fixture(scope="session")
def small_class():
    """The work of some students in that unit, by name: right, wrong, the library function, broken and empty."""
    softmax = "def softmax(logits, dim=-1):\n    return "
    return {
        "ada": softmax + "logits.exp() / logits.exp().sum(dim, keepdim=True)\n",
        "ben": softmax + "(logits - logits.max()).exp() / (logits - logits.max()).exp().sum()\n",
        "cleo": softmax + "logits.softmax(dim)\n",
        "dan": "import nothing_of_this_name\n",
        "eve": "",
    }


@pytest.fixture
def class_folder(small_class, tmp_path):
    """Their folders, and one zip that is none."""
    for name, source in small_class.items():
        (tmp_path / "class" / name).mkdir(parents=True)
        (tmp_path / "class" / name / "losses.py").write_text(source)
    (tmp_path / "class" / "fay.zip").write_bytes(b"no zip")
    return tmp_path / "class"


@pytest.fixture(scope="session")
def wheel(tmp_path_factory):
    """The package as it would be published, the course in it."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    for name in ("backpass", "exercises", "graders", "solutions"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "setup.py", "course.toml", "README.md", "LICENSE"):
        shutil.copy2(ROOT / name, source)
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", folder, source], check=True)
    shutil.rmtree(source)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def browser():
    """A headless Chromium."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed here")
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium is not installed here")
    quiet = ("gpu", "quic", "background-networking", "component-update", "sync")
    arguments = ["--no-sandbox", "--no-first-run", *(f"--disable-{name}" for name in quiet)]
    with playwright.sync_playwright() as running:
        chromium = running.chromium.launch(executable_path=chromium, headless=True, args=arguments)
        yield chromium
        chromium.close()


@pytest.fixture
def open_terminal(tmp_path):
    """Opens a tmux window, 80 columns wide, in which a command of backpass runs in a folder."""
    tmux = shutil.which("tmux")
    if tmux is None:
        pytest.skip("tmux is not installed here")
    command = [tmux, "-L", f"backpass-{os.getpid()}-{tmp_path.name}"]

    def start(folder, *arguments):
        line = f"export PYTHONPATH={ROOT}; {sys.executable} -m backpass {' '.join(arguments)}; sleep 60"
        is_open = subprocess.run([*command, "has-session"], capture_output=True, check=False).returncode == 0
        window = ["respawn-pane", "-k"] if is_open else ["new-session", "-d", "-x", "80", "-y", "50"]
        subprocess.run([*command, *window, "-c", str(folder), line], check=True)
        return screen

    def screen(words, keys=(), within=40.0):
        """The screen once `words` are on it, after pressing `keys`."""
        if keys:
            subprocess.run([*command, "send-keys", *keys], check=True)
        until, pane = time.monotonic() + within, ""
        while time.monotonic() < until:
            pane = subprocess.run([*command, "capture-pane", "-p"], capture_output=True, text=True, check=False).stdout
            if words in pane:
                return pane
            time.sleep(0.05)
        raise AssertionError(f"{words!r} did not appear; the screen is:\n{pane}")

    def kill():
        """End the command with SIGKILL; the window stays."""
        pane = [*command, "list-panes", "-F", "#{pane_pid}"]
        shell = subprocess.run(pane, capture_output=True, text=True, check=True).stdout.strip()
        subprocess.run(["pkill", "-KILL", "-P", shell], check=True)

    start.kill = kill
    yield start
    subprocess.run([*command, "kill-server"], check=False, capture_output=True)
