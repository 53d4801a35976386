"""The sick run of the lab of diagnostics: what its tables say of each run, and the script as a student meets it."""

import json

import pytest

from backpass.course.manifest import find_root
from exercises.diagnostics import sick_run
from tests.course.facts_of_the_sick_run import CURES, log, lowest, put_back, right, verdict

ANSWER = (find_root() / "solutions" / "labs" / "diagnostics.md").read_text()


def test_each_run_gets_the_verdict_that_the_tables_say():
    rows = [[cell.strip() for cell in line.split("|")[1:3]] for line in ANSWER.splitlines() if line.startswith("|")]
    said = [word for _, word in rows if word in ("diverged", "not learning", "underfitting", "healthy")]
    cured = [verdict(log(*list(CURES)[:count])) for count in range(len(CURES) + 1)]
    back = [verdict(put_back(name)) for name in ("lr", "gain", "weight_decay", "labels_seed", "inputs")]
    assert said == cured + back
    assert lowest(put_back("lr")) > 20


def test_raw_inputs_alone_cost_points_and_no_verdict():
    """Its losses jump, so that another machine's rounding makes another run of it: told in round numbers."""
    raw = right(4, inputs="raw")
    assert all(78 < each < 92 for each in raw)
    assert 82 < sum(raw) / 4 < 88
    assert "with raw inputs it is between 80 and 90 %, about 85 % on average" in ANSWER


def ran(monkeypatch, tmp_path, *words):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["sick_run.py", *words])
    sick_run.main()


def test_a_run_is_told_and_kept(monkeypatch, tmp_path, capsys):
    for words in (["epochs=2"], ["epochs=1", "lr=0.02", "inputs=standardized"]):
        ran(monkeypatch, tmp_path, *words)
    told = capsys.readouterr().out
    assert max(map(len, told.splitlines())) <= 80
    assert "lr=0.02" in told and told.endswith("Run 2 of labs/sick_run.jsonl.\n")
    kept = [json.loads(line) for line in (tmp_path / sick_run.RUNS).read_text().splitlines()]
    assert [(run["lr"], run["inputs"], len(run["train"]), len(run["val"])) for run in kept] == [
        (5.0, "raw", 3, 3),
        (0.02, "standardized", 2, 2),
    ]


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("rate=1", r"'rate=1': NAME=VALUE is asked for; the names are inputs, gain"),
        ("lr=fast", r"'lr=fast': lr is a number, such as 5.0"),
        ("inputs=scaled", "inputs=scaled: it is raw or standardized"),
        ("epochs=0", "epochs from 1 to 200"),
    ],
)
def test_what_is_no_setting_is_displayed(monkeypatch, tmp_path, word, told):
    with pytest.raises(SystemExit, match=told):
        ran(monkeypatch, tmp_path, word)
    assert not (tmp_path / "labs").exists()
