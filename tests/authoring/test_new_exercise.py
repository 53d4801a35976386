"""`backpass new exercise`, and the walk through it in docs/authors.md, which is really done here."""

import os
import re
import shutil
from pathlib import Path

import pytest

from backpass.authoring.new import new_exercise
from backpass.authoring.pieces import PIECES
from backpass.course.manifest import Course, CourseError
from tests.typed import run as run_typed

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("exercises", "graders", "solutions", "starter")
LOG_COSH = ("losses", "log_cosh_loss(pred, target)", ["loss"], "Round below", None)


@pytest.fixture
def copy(tmp_path):
    """The course with the unit `losses` only, to be written in."""
    ignore = shutil.ignore_patterns("__pycache__", "*.svg")
    for name in FOLDERS:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignore)
    shutil.copy2(ROOT / "course.toml", tmp_path)
    return tmp_path


def run(folder, *command):
    environment = os.environ | {"OMP_NUM_THREADS": "1", "COLUMNS": "80"}
    return run_typed(*command, folder=folder, environment=environment)[1]


def everything(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


class Walk:
    """The page, block by block, done in a folder: pieces are put in their places, commands are run."""

    def __init__(self, folder):
        self.folder = folder
        page = (ROOT / "docs" / "authors.md").read_text(encoding="utf-8").partition("\n## mistakes.toml")[0]
        self.blocks = re.split(r"^```(\w*)\n(.*?)^```\n", page, flags=re.MULTILINE | re.DOTALL)
        self.file = None

    def steps(self):
        """Each command with what the page says of it and what it said here."""
        texts, blocks = self.blocks[::3], zip(self.blocks[1::3], self.blocks[2::3], strict=True)
        for text, (language, block) in zip(texts, blocks, strict=False):
            if language:
                named = re.findall(r"`([\w/]+\.(?:toml|py))`", text)
                self.file = named[-1] if named else self.file
                self.put(block)
            else:
                command, said = block.removeprefix("$ ").split("\n", 1)
                yield command, said, run(self.folder, *_words(command))

    def put(self, block):
        """Put a piece where the piece of the new exercise is."""
        (piece,) = [piece for piece in PIECES if piece.path.format(unit="losses") == self.file]
        file = self.folder / self.file
        if block.startswith("import "):
            line, _, block = block.partition("\n\n\n")
            file.write_text(file.read_text().replace("\nimport torch\n", f"\n{line}\n\nimport torch\n", 1))
        lines = file.read_text().splitlines(keepends=True)
        found = piece.find("".join(lines), "losses", "log_cosh_loss")
        file.write_text("".join([*lines[: found[0][0]], block, *lines[found[-1][1] :]]))


def _words(command):
    return [word.strip('"') for word in re.findall(r'"[^"]*"|\S+', command)]


def _same(said, really):
    """Whether two outputs are the same, but for numbers, and for lines that the page leaves out with `...`."""
    parts = [re.escape(re.sub(r"\d+", "N", part.strip())) for part in said.split("\n...\n")]
    return re.fullmatch(
        r"(?s:.*)".join(parts), "\n".join(map(str.rstrip, re.sub(r"\d+", "N", really).strip().split("\n")))
    )


def test_the_page_is_true(copy):
    for command, said, really in Walk(copy).steps():
        assert _same(said, really), f"{command}\n{really}"
    assert "log_cosh_loss" in run(copy, "pytest", "exercises/losses", "-p", "backpass.plugin", "-k", "log_cosh_loss")


def test_nothing_that_was_there_is_changed(copy):
    before = everything(copy)
    gaps = new_exercise(Course.load(copy), *LOG_COSH)
    after = everything(copy)
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {piece.file(copy, "losses").relative_to(copy) for piece in PIECES}
    for name in changed:
        lines = after[name].decode().splitlines()
        kept = [line for line in before[name].decode().splitlines() if not line.startswith("from backpass")]
        assert all(line in lines for line in kept), name
    assert all("TODO" in gap.file.read_text().splitlines()[gap.line - 1] for gap in gaps)
    assert [each.name for each in Course.load(copy).unit("losses").exercises][-1] == "log_cosh_loss"
    assert "log_cosh_loss" in run(copy, "pytest", "exercises/losses", "-p", "backpass.plugin")


def test_a_unit_can_be_begun(copy):
    new_exercise(Course.load(copy), "clusters", 'shift(x, by: int = 2, how="up")', ["y", "z"], 'Of "k"', "Clusters: K")
    exercise = Course.load(copy).exercises["clusters.shift"]
    assert (exercise.signature, exercise.returns) == ("shift(x, by=2, how='up')", ("y", "z"))
    assert exercise.title == 'Of "k"'
    stub = (copy / "starter" / "clusters.py").read_text()
    assert "def shift(x: torch.Tensor, by: int = 2, how: str = 'up') -> tuple[torch.Tensor, torch.Tensor]:" in stub
    assert "is not finished" in run(copy, "backpass", "verify", "--exercise", "clusters.shift")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("losses", "softmax(x)", ["y"], "", None), "There is an exercise losses.softmax already"),
        (("loses", "f(x)", ["y"], "", None), "Did you mean losses?"),
        (("losses", "f(x)", ["y"], "", "Losses"), "leave out --new-unit"),
        (("losses", "f(x", ["y"], "", None), "is not of the form"),
        (("losses", "f(x)", ["a b"], "", None), "Python's names"),
        (("losses", "f(x=print)", ["y"], "", None), "is not of the form"),
    ],
)
def test_what_is_no_new_exercise_is_refused_and_nothing_is_written(copy, given, said):
    before = everything(copy)
    with pytest.raises(CourseError, match=re.escape(said)):
        new_exercise(Course.load(copy), *given)
    assert everything(copy) == before


def test_a_file_of_a_new_unit_is_not_overwritten(copy):
    (copy / "exercises" / "clusters").mkdir()
    lesson = copy / "exercises" / "clusters" / "README.md"
    lesson.write_text("Mine.")
    with pytest.raises(CourseError, match="is not overwritten"):
        new_exercise(Course.load(copy), "clusters", "shift(x)", ["y"], "Up", "Clusters")
    assert lesson.read_text() == "Mine." and "clusters" not in Course.load(copy).unit_names


def test_a_broken_file_leaves_everything_as_it_was(copy):
    (copy / "graders" / "losses" / "test_losses.py").write_text("def broken(:\n")
    before = everything(copy)
    with pytest.raises(CourseError, match=r"test_losses\.py:1 is to be mended first"):
        new_exercise(Course.load(copy), *LOG_COSH)
    assert everything(copy) == before
