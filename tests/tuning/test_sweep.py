"""Sweeps: which settings are tried, what is remembered, and what a run is."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from typer.testing import CliRunner

from backpass.cli import app
from backpass.course.manifest import Course, find_root
from backpass.tuning.own import OwnTrainer
from backpass.tuning.picture import draw
from backpass.tuning.sweep import RUNS, Row, Run, Sweep, parsed
from backpass.tuning.trainer import Config, ConfigError, digits, train

DIGITS = Path(__file__).resolve().parents[2] / "exercises" / "training" / "digits.csv.gz"
SHORT = {"hidden": 8, "epochs": 1, "batch_size": 512}
WORDS = [f"{name}={value}" for name, value in SHORT.items()]


@pytest.fixture(scope="module")
def data():
    return digits(DIGITS, split=0)


def test_a_grid_and_draws_are_combined():
    configs, varied = parsed(["max_lr=1e-4..1", "dropout=0,0.5", "hidden=16"], draws=4, seed=0)
    assert (len(configs), varied) == (8, ["max_lr", "dropout"])
    assert {config.hidden for config in configs} == {16}
    assert all(1e-4 <= config.max_lr <= 1 for config in configs)
    assert parsed(["max_lr=1e-4..1"], draws=4, seed=0) != parsed(["max_lr=1e-4..1"], draws=4, seed=1)


@pytest.mark.parametrize("word", ["lr=1", "max_lr", "max_lr=3..1", "hidden=two", "dropout=1", "warmup=maybe"])
def test_what_cannot_be_tried_is_displayed(word):
    with pytest.raises(ConfigError, match=word.partition("=")[2].partition(".")[0] or word):
        parsed([word], draws=2, seed=0)


def test_a_sweep_goes_on_where_it_was_stopped(tmp_path):
    configs, _ = parsed([*WORDS, "max_lr=0.01,0.1"], draws=1, seed=0)
    sweep = Sweep(tmp_path, DIGITS)
    sweep.run(sweep.missing(configs[:1], [0, 1]), jobs=1, report=lambda done: None)
    with (tmp_path / RUNS).open("a") as file:
        file.write('{"hidden": 8, "epo')  # it was stopped here
    again = Sweep(tmp_path, DIGITS)
    assert again.missing(configs, [0, 1]) == {configs[1]: [0, 1]}
    again.run(again.missing(configs, [0, 1]), jobs=1, report=lambda done: None)
    assert Sweep(tmp_path, DIGITS).runs == again.runs
    assert again.epochs == 4
    means = [row.mean for row in again.rows(configs, [0, 1])]
    assert means == sorted(means, reverse=True)


def test_seeds_that_agree_have_a_picture_and_old_runs_have_no_curves(tmp_path):
    accuracy = 342 / 360
    assert sum([accuracy] * 3) / 3 < accuracy  # by its last digit
    runs = [Run(Config(max_lr=rate), seed, accuracy, 0.1) for rate in (0.01, 0.1) for seed in range(3)]
    draw([Row(runs[0].config, tuple(runs[:3])), Row(runs[3].config, tuple(runs[3:]))], ["max_lr"], tmp_path / "a.svg")
    assert (tmp_path / "a.svg").stat().st_size > 0
    old = {**vars(Config()), "seed": 0, "accuracy": 0.9, "loss": 0.2, "train_loss": 0.1}
    (tmp_path / RUNS).write_text(json.dumps(old) + "\n")
    assert Sweep(tmp_path, DIGITS).runs[Config(), 0] == Run(Config(), 0, 0.9, 0.2)


def test_each_seed_is_trained_as_if_it_were_alone(data):
    config = Config(**SHORT, max_lr=0.05, dropout=0.2, label_smoothing=0.1)
    together = train(config, [data, data], [3, 4])
    alone = train(config, [data], [4])
    assert together["loss"][1] == pytest.approx(alone["loss"][0], rel=1e-4)
    assert together["loss"][0] != pytest.approx(together["loss"][1], rel=1e-4)


@pytest.mark.parametrize(
    "options",
    [
        {"dropout": 0.5},
        {"label_smoothing": 0.2},
        {"normalization": "batch"},
        {"normalization": "layer"},
        {"weight_decay": 5.0},
        {"warmup": False},
        {"clipping": False},
        {"bias_correction": False},
    ],
)
def test_every_option_changes_the_run(data, options):
    plain = {**SHORT, "epochs": 2, "max_lr": 0.05}
    assert train(Config(**plain), [data], [0])["loss"] != train(Config(**plain, **options), [data], [0])["loss"]


def test_what_diverges_has_an_infinite_loss(data):
    x, *rest = data
    came = train(Config(**SHORT, max_lr=0.05), [(x * torch.inf, *rest)], [0])
    assert came["loss"] == [float("inf")]


OWN = """
import os, torch
def train_mlp(x_train, y_train, x_val, y_val, hidden, epochs, batch_size, max_lr, generator):
    if max_lr > 1:
        raise ValueError("the norm is nan")
    w1 = torch.randn(hidden, 64, generator=generator)
    return {"weights": [w1, torch.zeros(10, hidden)], "biases": [torch.zeros(hidden), torch.arange(10.0)],
            "train_losses": [float(os.getpid())], "val_losses": [0.5], "learning_rates": [max_lr]}
"""


@pytest.fixture
def own(tmp_path):
    """The trainer of a folder whose train_mlp is `OWN`, which says that every picture is a nine."""
    course = Course.load(find_root())
    (tmp_path / "starter").mkdir()
    (tmp_path / "starter" / "training.py").write_text(OWN)
    return OwnTrainer(replace(course, root=tmp_path))


def test_ones_own_trainer_runs_in_processes_of_its_own_and_its_runs_are_not_mixed_with_others(own, tmp_path, data):
    configs, _ = parsed([*WORDS, "max_lr=0.1,5"], draws=1, seed=0)
    courses = Sweep(tmp_path, DIGITS)
    courses.run(courses.missing(configs[:1], [0]), jobs=1, report=lambda done: None)
    sweep = Sweep(tmp_path, DIGITS, own=own)
    assert (sweep.runs, sweep.epochs) == ({}, 1)
    sweep.run(sweep.missing(configs, [0, 1]), jobs=2, report=lambda done: None)
    nines = (data[3] == 9).double().mean().item()
    assert [row.accuracies for row in sweep.rows(configs, [0, 1])] == [(nines, nines), (0.0, 0.0)]
    assert {run.raised for run in sweep.runs.values()} == {"", "ValueError: the norm is nan"}
    assert os.getpid() not in {loss for run in sweep.runs.values() for loss in run.curve}
    again = Sweep(tmp_path, DIGITS, own=own)
    assert (again.missing(configs, [0, 1]), again.epochs) == ({}, 5)


def test_a_trainer_that_dies_or_hangs_costs_its_run_and_the_sweep_goes_on_without_fork_too(own, tmp_path, monkeypatch):
    wild = OWN.replace(
        "if max_lr > 1:", "if max_lr == 5: os._exit(3)\n    if max_lr == 7: time.sleep(60)\n    if False:"
    )
    (tmp_path / "starter" / "training.py").write_text(wild.replace("import os", "import time, os"))
    own = OwnTrainer(own.course)
    monkeypatch.setattr("backpass.tuning.own._MINUTES_A_RUN", 1 / 60)
    configs, _ = parsed([*WORDS, "max_lr=5,7,0.1"], draws=1, seed=0)
    sweep = Sweep(tmp_path, DIGITS, own=own)
    with pytest.raises(ConfigError, match=r"batch_size=512 max_lr=7.0 \(timeout: .*\). That run counts as 0 %; 2 runs"):
        sweep.run(sweep.missing(configs, [0]), jobs=1, report=lambda done: None)
    assert "died: the process ended itself with exit status 3" in {run.raised for run in sweep.runs.values()}
    again = Sweep(tmp_path, DIGITS, own=own)
    assert again.missing(configs, [0]) == {configs[2]: [0]}
    monkeypatch.delattr(os, "fork")  # as on Windows
    monkeypatch.setattr("backpass.tuning.own._MINUTES_A_RUN", 1)
    again.run(again.missing(configs, [0]), jobs=1, report=lambda done: None)
    assert [row.accuracies[0] > 0 for row in again.rows(configs, [0])] == [True, False, False]


def test_the_courses_trainer_runs_where_ones_own_lacks_an_option(own):
    assert own.why_not([Config(dropout=0.5, warmup=False)]) == "yours has no dropout, warmup"


def test_a_network_of_another_shape_is_told(own, tmp_path):
    narrow = OWN.replace("(hidden, 64,", "(hidden, 63,").replace("max_lr > 1", "False")
    (tmp_path / "starter" / "training.py").write_text(narrow)
    runs = OwnTrainer(own.course).runs({Config(**SHORT): [0]}, 1, DIGITS, 0)
    with pytest.raises(ConfigError, match=r"no network: .*\(8, 63\)"):
        next(runs)


def test_a_sweep_on_the_command_line(tmp_path):
    asked = ["tune", *WORDS, "max_lr=0.01,0.1", "--course", "--seeds", "2", "--jobs", "1", "--out", str(tmp_path)]
    result = CliRunner().invoke(app, asked)
    assert result.exit_code == 0, result.output
    assert "4 runs, 4 epochs" in result.output
    assert (tmp_path / "sweep.png").stat().st_size > 0
    assert "the budget is 3" in CliRunner().invoke(app, [*asked, "--budget", "3"]).output


def test_what_is_done_when_it_is_stopped_is_kept(tmp_path, monkeypatch):
    def stopped(*_):
        raise KeyboardInterrupt

    asked = ["tune", *WORDS, "max_lr=0.01,0.1", "--course", "--seeds", "2", "--jobs", "1", "--out", str(tmp_path)]
    with monkeypatch.context() as patched:
        patched.setattr("backpass.tuning.commands.advance_to", stopped)
        result = CliRunner().invoke(app, asked)
    assert result.exit_code == 2
    assert "Stopped. 2 runs are in" in result.output and "the same command goes on from there" in result.output
    assert "2 runs, 2 epochs; spent in" in CliRunner().invoke(app, asked).output
