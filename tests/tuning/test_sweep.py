"""Sweeps: which settings are tried, what is remembered, and what a run is."""

from pathlib import Path

import pytest
import torch
from typer.testing import CliRunner

from backpass.cli import app
from backpass.tuning.sweep import RUNS, Sweep, parsed
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


def test_a_sweep_on_the_command_line(tmp_path):
    asked = ["tune", *WORDS, "max_lr=0.01,0.1", "--seeds", "2", "--jobs", "1", "--out", str(tmp_path)]
    result = CliRunner().invoke(app, asked)
    assert result.exit_code == 0, result.output
    assert "4 runs, 4 epochs" in result.output
    assert (tmp_path / "sweep.png").stat().st_size > 0
    assert "the budget is 3" in CliRunner().invoke(app, [*asked, "--budget", "3"]).output
