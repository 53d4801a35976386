"""Cases kept on disk are the cases that were drawn, and a file that is not whole harms nobody."""

import ast
from dataclasses import fields, replace

import pytest
import torch

from backpass.course.hashes import KIT, files_of
from backpass.judging import frozen
from backpass.judging.cases import tensors
from backpass.judging.graders import Graders

# Lists and options, an expected exception, seeds with statistics, gradients, and functions, which are not kept.
EXERCISES = [
    *("losses.softmax", "optimizers.clip_grad_norm", "regularization.dropout", "backprop.linear_backward"),
    "backprop.numerical_gradient",
]


@pytest.fixture(autouse=True)
def home(monkeypatch, tmp_path):
    monkeypatch.setattr(frozen.platformdirs, "user_cache_path", lambda app: tmp_path / app)
    return tmp_path


def drawn(course, exercise):
    graders = Graders(course)
    return {check.name: graders.cases(check, "cpu") for check in graders.of(course.exercises[exercise])}


def same(a, b):
    if isinstance(a, torch.Tensor):
        alike = type(a) is type(b) and (a.dtype, a.shape, a.stride()) == (b.dtype, b.shape, b.stride())
        return alike and torch.allclose(a.double(), b.double(), rtol=0, atol=0, equal_nan=True)
    if isinstance(a, list | tuple):
        return type(a) is type(b) and len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    return type(a) is type(b) and (callable(a) or repr(a) == repr(b))  # NaN is not equal to itself


@pytest.mark.parametrize("exercise", EXERCISES)
def test_what_is_read_is_what_was_drawn(course, exercise):
    first, second = drawn(course, exercise), drawn(course, exercise)
    assert first.keys() == second.keys()
    for mine, kept in zip(first.values(), second.values(), strict=True):
        assert len(mine) == len(kept)
        for one, other in zip(mine, kept, strict=True):
            for field in fields(one):
                if field.name != "origin":
                    assert same(getattr(one, field.name), getattr(other, field.name)), field.name
            assert (one.origin is None) == (other.origin is None)


def test_cases_are_not_drawn_again(course, monkeypatch):
    drawn(course, "losses.softmax")
    monkeypatch.setattr("backpass.judging.cases.draw_values", lambda *_: pytest.fail("drawn again"))
    assert drawn(course, "losses.softmax")


def test_what_a_course_was_shipped_with_comes_first_and_is_only_read(course, monkeypatch, home):
    unit = replace(course, units=tuple(each for each in course.units if each.name == "losses"))
    graders = Graders(unit)
    files = graders.to_ship()
    assert "losses.softmax" in {name.rpartition("/")[2] for name in files}
    shipped = home / "course"
    for name, content in files.items():
        (shipped / name).parent.mkdir(parents=True, exist_ok=True)
        (shipped / name).write_bytes(content)
    monkeypatch.setattr(frozen.platformdirs, "user_cache_path", lambda app: home / "nothing" / app)
    monkeypatch.setattr("backpass.judging.cases.draw_values", lambda *_: pytest.fail("drawn again"))
    kept = graders._kept = frozen.FrozenCases(unit)
    kept._shipped = shipped / frozen.SHIPPED / kept._name
    graders._drawn.clear(), graders._frozen.clear()
    graders.freeze(["losses"])
    assert not (home / "nothing").exists()


@pytest.mark.parametrize("harm", [lambda data: data[:-1], lambda data: data[:100] + b"!" + data[101:], lambda _: b""])
def test_a_file_that_is_not_whole_is_written_anew(course, home, harm):
    cases = drawn(course, "losses.softmax")
    (file,) = home.rglob("losses.softmax")
    whole = file.read_bytes()
    file.write_bytes(harm(whole))
    again = drawn(course, "losses.softmax")
    assert file.read_bytes() == whole
    assert [list(tensors(case.expected)) for case in next(iter(again.values()))]
    assert again.keys() == cases.keys()


def test_where_nothing_can_be_kept_cases_are_drawn(course, home):
    (home / "backpass").write_text("a file where the folder should be")
    assert drawn(course, "losses.softmax")


def test_cases_rest_on_all_that_can_be_imported_where_they_are_made(course):
    """`lint-imports` keeps the rooms themselves from those above them; tuning gives its trainer alone."""
    made_in = [*frozen.ROOMS, course.root / "graders", course.root / "solutions"]
    files = [file for folder in made_in if folder.name != "tuning" for file in files_of(folder, "*.py")]
    trees = [ast.parse(file.read_text(encoding="utf-8")) for file in [*files, KIT / "tuning" / "trainer.py"]]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    modules = {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module}
    modules |= {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    rooms = {module.split(".")[1] for module in modules if module.startswith("backpass.")}
    assert rooms <= {folder.name for folder in frozen.ROOMS}
    assert {module for module in modules if module.startswith("backpass.tuning")} == {"backpass.tuning.trainer"}
