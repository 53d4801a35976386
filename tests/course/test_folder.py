"""`pip install` and `backpass init`: from the wheel, in an environment of its own, to a folder of the learner's."""

import json
import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from backpass import __version__
from backpass.course import folder as folders
from backpass.course.folder import write_folder
from backpass.course.manifest import CourseError


@pytest.fixture(scope="module")
def run(wheel, tmp_path_factory):
    """Runs a command of a fresh environment, into which the wheel was installed; what it needs is there already."""
    home = tmp_path_factory.mktemp("environment")
    venv.create(home)
    bin = home / Path(sysconfig.get_path("scripts")).name
    site = subprocess.check_output(
        [bin / "python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], text=True
    ).strip()
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    environment |= {"PATH": f"{bin}{os.pathsep}{os.environ['PATH']}", "OMP_NUM_THREADS": "1", "COLUMNS": "80"}
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "--python", bin / "python"]
    subprocess.run([*pip, "install", "--no-deps", "--no-index", wheel], env=environment, check=True)
    # Only now: where the kit is among what it needs, pip would find it installed already.
    (Path(site) / "needs.pth").write_text(sysconfig.get_path("purelib"))

    def run(folder, *command, code=0):
        ran = subprocess.run(
            [bin / command[0], *command[1:]], cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
        assert ran.returncode == code, ran.stdout + ran.stderr
        return ran.stdout + ran.stderr

    return run


def test_from_the_wheel_to_the_first_exercise_that_passes(run, tmp_path):
    assert run(tmp_path, "backpass", "--version").strip() == f"backpass {__version__}"
    assert "backpass watch" in run(tmp_path, "backpass", "init")
    folder = tmp_path / "backpass-course"
    assert {path.name for path in folder.iterdir()} >= {"starter", "exercises", "solutions", "graders", ".git"}
    assert "environment" in run(folder, "python", "-c", "import backpass; print(backpass.__file__)")
    help = run(folder, "backpass", "--help")
    assert "init" in help and "check" in help
    assert not any(f" {name} " in help for name in ("grade", "release", "verify", "derive", "package"))
    starter = folder / "starter" / "neurons.py"
    right = (folder / "solutions" / "neurons.py").read_text()
    starter.write_text(right.replace("return x @ weight.T + bias", "return x @ weight.T - bias"))
    said = run(folder, "backpass", "check", "neurons", code=1)
    line = 1 + right[: right.index("return x @ weight.T + bias")].count("\n")
    assert f"starter/neurons.py:{line}: neurons.linear is wrong" in said
    assert "neurons.neuron passes." in said
    said = run(folder, "backpass")
    assert "5 of" in said and "linear: wrong" in said


@pytest.fixture
def folder(tmp_path):
    write_folder(tmp_path)
    return tmp_path


def test_it_is_a_repository_that_editors_understand(folder):
    log = subprocess.check_output(["git", "log", "--format=%s"], cwd=folder, text=True)
    assert log.startswith("The course, version")
    assert not subprocess.check_output(["git", "status", "--short"], cwd=folder)
    settings = json.loads((folder / ".vscode" / "settings.json").read_text())
    assert settings["python.testing.pytestArgs"] == ["exercises"]
    assert json.loads((folder / ".vscode" / "tasks.json").read_text())["tasks"]
    for name in ("solutions", "graders"):
        assert "give the answers away" in (folder / name / "README.md").read_text()
    assert "backpass grade" not in (folder / "README.md").read_text()


def test_an_update_brings_what_is_new_and_touches_nothing_that_was_written(folder, monkeypatch):
    losses = folder / "starter" / "losses.py"
    mine = losses.read_text().replace("raise NotImplementedError", "return 0")
    losses.write_text(mine)
    (folder / "notes.md").write_text("mine")
    lesson, quiz = folder / "exercises" / "losses" / "README.md", folder / "exercises" / "losses" / "quiz.toml"
    lesson.write_text("my own words")
    before = dict(folders._files(folders.material()))
    assert not any(vars(write_folder(folder))[name] for name in ("new", "updated", "kept"))

    stub = b'\n\ndef log_cosh_loss(pred, target):\n    """New."""\n    raise NotImplementedError\n'
    after = before | {
        "starter/losses.py": before["starter/losses.py"] + stub,
        "starter/neurons.py": before["starter/neurons.py"] + b"\n# mended\n",
        "exercises/losses/README.md": b"another lesson",
        "exercises/losses/new.md": b"new",
    }
    del after["exercises/losses/quiz.toml"]
    monkeypatch.setattr(folders, "_files", lambda course: list(after.items()))
    written = write_folder(folder)
    assert losses.read_text() == mine.rstrip() + "\n" + stub.decode()
    assert lesson.read_text() == "my own words"
    assert (folder / "notes.md").read_text() == "mine"
    assert (folder / "starter" / "neurons.py").read_bytes() == after["starter/neurons.py"]
    assert not quiz.exists()
    assert written.new == ["exercises/losses/new.md"]
    assert sorted(written.updated) == ["starter/losses.py", "starter/neurons.py"]
    assert written.kept == ["exercises/losses/README.md"]
    text = losses.read_text()
    assert not write_folder(folder).updated and losses.read_text() == text


def test_a_course_of_someone_else_is_left_alone(tmp_path):
    (tmp_path / "course.toml").write_text("title = 'mine'")
    with pytest.raises(CourseError, match="has not written"):
        write_folder(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["course.toml"]


def test_a_record_that_cannot_be_read_is_told(folder):
    (folder / folders.RECORD).write_text("{")
    with pytest.raises(CourseError, match="cannot be read"):
        write_folder(folder)
