"""The runs that `diagnose_curve` is graded on: the recorded ones come from the script, and all have the right word."""

import importlib
import json

import pytest

from graders.diagnostics import clinic, curves
from solutions.diagnostics import diagnose_curve

RECORDS = json.loads(clinic.RECORDS.read_text(encoding="utf-8"))
PATIENTS = {patient.name: patient for patient in clinic.PATIENTS}


def test_every_patient_is_on_record():
    assert {name: patient.diagnosis for name, patient in PATIENTS.items()} == {
        name: record["diagnosis"] for name, record in RECORDS.items()
    }


# Two in which the last digits of a processor do not grow into another run.
@pytest.mark.parametrize("name", ["fifty_samples", "one_broken_batch"])
def test_the_script_gives_the_recorded_curves(name):
    train, val = clinic.run(PATIENTS[name])
    assert train == pytest.approx(RECORDS[name]["train"], rel=1e-3)
    assert val == pytest.approx(RECORDS[name]["val"], rel=1e-3)


def test_the_reference_has_the_right_word_for_every_graded_run():
    checks = importlib.import_module("graders.diagnostics.test_diagnostics")
    for run in (*checks.DRAWN, *checks.SCALED, *checks.CLINIC):
        assert diagnose_curve(run.train, run.val) == run.diagnosis, run.story


def test_recorded_runs_keep_their_distances_too():
    for name, record in RECORDS.items():
        end, rise = record["train"][-1] / record["train"][0], record["val"][-1] / min(record["val"])
        assert record["diagnosis"] != "underfitting" or 0.57 < end < 0.75, name
        assert record["diagnosis"] != "overfitting" or rise > 1.8, name
        assert record["diagnosis"] not in ("healthy", "underfitting", "not learning", "spike") or rise < 1.06, name


def test_drawn_runs_keep_the_distances_that_they_promise():
    for run in curves.drawn((1.0,), seed=5):
        end, lowest = run.train[-1] / run.train[0], min(run.val)
        assert run.diagnosis != "healthy" or end < 0.16
        assert run.diagnosis != "underfitting" or 0.6 < end < 0.7
        assert run.diagnosis != "not learning" or end > 0.97
        assert run.diagnosis != "overfitting" or run.val[-1] > 2 * lowest
        if run.diagnosis in ("healthy", "underfitting", "not learning", "spike"):
            assert run.val[-1] < 1.06 * lowest, run.story
