"""`backpass plot`: the picture of every exercise that has one, and what is said where there is nothing to draw."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from backpass.cli import app
from backpass.course.manifest import Course
from backpass.plotting import plots
from backpass.worker.calls import Answer, Raised
from backpass.worker.invoke import invoke_all

ROOT = Path(__file__).resolve().parents[2]
COURSE = Course.load(ROOT)
PLOTS = [plot for unit in COURSE.unit_names for plot in plots.plots_of(COURSE, unit)]


@pytest.mark.parametrize("plot", PLOTS, ids=lambda plot: plot.exercise)
def test_the_reference_has_the_expected_shape(plot, grader, tmp_path):
    exercise = COURSE.exercises[plot.exercise]
    yours = plots.numbers_of(
        plot,
        COURSE,
        lambda unit, name, calls: invoke_all(grader.checks.reference(COURSE.exercise(f"{unit}.{name}")), calls),
    )
    expected = plots.expected(COURSE, exercise)
    assert yours.keys() == expected.keys()
    plots.draw(plot, yours, expected, tmp_path / "picture.svg")
    text = (tmp_path / "picture.svg").read_text(encoding="utf-8")
    assert plot.exercise in text or "<svg" in text
    assert len(text) > 2000


def run(*arguments):
    return CliRunner().invoke(app, ["plot", *map(str, arguments)])


def test_a_strangers_work_is_drawn(tmp_path):
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "activations.py").write_text("def relu(x): return x.clamp(min=0.5)\n")
    result = run("relu", "--submission", tmp_path / "work", "--out", tmp_path / "relu.png")
    assert result.exit_code == 0, result.output
    assert (tmp_path / "relu.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("def relu(x): raise NotImplementedError", "`relu` is not started yet"),
        ("def relu(x): return x / oops", "`relu` raises NameError in line 1"),
        ("def relu(x): return 'a word'", "cannot be drawn"),
        ("def sigmoid(x): return x", "`relu` is not started yet"),
    ],
)
def test_what_cannot_be_drawn_is_told(tmp_path, source, words):
    (tmp_path / "activations.py").write_text(source)
    result = run("relu", "--submission", tmp_path, "--out", tmp_path / "relu.png")
    assert result.exit_code == 2
    assert words in result.output
    assert not (tmp_path / "relu.png").exists()


def test_names_that_do_not_exist_get_a_suggestion():
    assert "Did you mean he_init" in run("he_ini").output
    assert "has no picture" in run("softmax").output
    assert "a picture is a .png or an .svg" in run("relu", "--out", "relu.pdf").output


def test_what_is_kept_is_told_by_the_calls():
    (picture,) = (each for each in PLOTS if each.exercise == "scaling.checkpointed_backward")

    def keeps_all(forwards, backwards, x, grad_out, every):
        inputs = [x]
        for forward in forwards[:-1]:
            inputs.append(forward(inputs[-1]))
        for backward, x in zip(reversed(backwards), reversed(inputs), strict=True):
            grad_out = backward(grad_out, x)
        return grad_out

    layers = len(plots.expected(COURSE, COURSE.exercises[picture.exercise])["kept"])
    assert picture.measure(keeps_all) == {"kept": [layers] * layers, "runs": [layers - 1] * layers}


def test_what_is_measured_in_torch_is_what_the_reference_predicts():
    measured = plots.expected(COURSE, COURSE.exercises["scaling.training_memory"])
    assert measured["measured"] == measured["predicted"]


def test_the_picture_of_ones_own_network_needs_one():
    (picture,) = (each for each in PLOTS if each.exercise == "landscape.normalize_filters")
    nothing = Answer(None, Raised("import:ModuleNotFoundError", "No module named 'training'"))
    with pytest.raises(plots.Unplottable, match="`train_mlp` is not started yet"):
        plots.numbers_of(picture, COURSE, lambda unit, name, calls: [nothing])
