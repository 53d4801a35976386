"""`backpass release`: what is in an edition, what is not, and that it works where nothing else is."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from backpass.cli import app
from backpass.course.editions import Edition, release
from backpass.course.manifest import Course
from tests.typed import run as run_typed

ROOT = Path(__file__).resolve().parents[2]
COURSE = Course.load(ROOT)


@pytest.fixture(scope="module", params=list(Edition))
def edition(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("release") / request.param.value
    release(COURSE, folder, request.param)
    return request.param, folder


def run(folder, *command):
    # Only the edition itself can be imported: not the repository that the tests run in.
    return run_typed(*command, folder=folder, package=folder, environment=os.environ | {"OMP_NUM_THREADS": "1"})


def code_of(path):
    """The statements of every function of a module, without descriptions and comments."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            yield node.name, "\n".join(map(ast.unparse, body))


def test_the_students_edition_has_nothing_of_the_instructors(edition):
    kind, folder = edition
    assert (folder / "graders").exists() == (folder / "solutions").exists() == (kind is Edition.self_study)
    if kind is Edition.self_study:
        return
    text = "\n".join(
        "\n".join(code for _, code in code_of(path)) for path in folder.rglob("*.py") if "backpass" not in path.parts
    )
    for path in (ROOT / "solutions").glob("*.py"):
        for name, code in code_of(path):
            assert len(code) < 30 or code not in text, f"the solution of {name}"
    everything = "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in folder.rglob("*.toml"))
    for path in (ROOT / "solutions" / "quizzes").glob("*.toml"):
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if len(line) > 40]
        assert lines
        assert not any(line in everything for line in lines), path
    graders = {path.read_bytes() for path in (ROOT / "graders").rglob("*.*") if path.is_file() and path.stat().st_size}
    assert not any(path.read_bytes() in graders for path in folder.rglob("*") if path.is_file())


def test_the_stubs_are_fresh(edition):
    _, folder = edition
    for unit in COURSE.unit_names:
        assert "raise NotImplementedError" in (folder / "starter" / f"{unit}.py").read_text()


def test_it_works_on_its_own(edition):
    kind, folder = edition
    where = "import backpass; print(backpass.__file__)"
    environment = os.environ | {"PYTHONPATH": str(folder)}
    found = subprocess.run(
        [sys.executable, "-P", "-c", where], cwd=folder, env=environment, capture_output=True, text=True, check=True
    )
    assert Path(found.stdout.strip()).is_relative_to(folder)
    status, output = run(folder, "pytest", "exercises/neurons")
    assert status == 1
    assert "0 of 6 done" in output
    status, output = run(folder, "backpass")
    assert status == 0
    assert "Next: neurons.neuron" in output
    assert "Hint 1 of 3" in run(folder, "backpass", "hint", "neuron")[1]
    status, output = run(folder, "backpass", "quiz", "losses")
    assert ("no answers" in output) == (kind is Edition.student)


@pytest.mark.parametrize("command", [("grade", "starter", "--out", "results"), ("verify",), ("derive",)])
def test_commands_of_instructors_say_in_a_sentence_that_they_are(edition, command):
    kind, folder = edition
    if kind is Edition.self_study:
        return  # which has all that they need
    status, output = run(folder, "backpass", *command)
    assert status == 2
    assert "this is for instructors" in " ".join(output.split())
    assert "Traceback" not in output


def test_the_readme_tells_how_to_set_it_up_and_what_to_type(edition):
    _, folder = edition
    text = (folder / "README.md").read_text()
    assert "pip install -c constraints.txt -e" in text
    assert "pytest exercises/" in text
    assert "backpass grade" not in text


def test_a_folder_that_holds_something_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    result = CliRunner().invoke(app, ["release", str(tmp_path)])
    assert result.exit_code == 2
    assert "is not empty" in result.output
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
