"""The settings that chosen_run may return: what is beyond the limits is told, and trains nothing."""

import pytest

from backpass.judging.failures import Fault
from backpass.worker.wire import Unsupported
from graders.tuning import replay

CHOSEN = dict(hidden=8, epochs=1, batch_size=512, max_lr=0.01, weight_decay=0.01, dropout=0.0, label_smoothing=0.0) | {
    "expected_accuracy": 50.0
}


class Answers:
    """A submission whose chosen_run returns `value`."""

    def __init__(self, value):
        self.value = value

    def values(self, calls):
        return [self.value]


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("hidden", 513, "hidden = 513: it is an int from 1 to 512"),
        ("hidden", True, "hidden = True"),
        ("hidden", 64.0, "hidden = 64.0"),
        ("hidden", 10**400, "hidden = 1000"),
        ("epochs", 61, "epochs = 61: it is an int from 1 to 60"),
        ("epochs", "60", "epochs = '60'"),
        ("batch_size", 0, "batch_size = 0"),
        ("max_lr", 0, "max_lr = 0: it is a number above 0 and below 10"),
        ("max_lr", float("nan"), "max_lr = nan"),
        ("max_lr", 10**400, "max_lr = 1000"),
        ("max_lr", Unsupported("Decimal"), "max_lr is of the type Decimal: a number is asked for"),
        ("weight_decay", float("inf"), "weight_decay = inf: it is a number from 0 to below 100"),
        ("dropout", 1, "dropout = 1: it is a number from 0 to below 1"),
        ("label_smoothing", [0.1], "label_smoothing = .0.1.: it is"),
        ("expected_accuracy", float("nan"), "It is nan"),
        ("expected_accuracy", 10**400, "It is 1000"),
        ("expected_accuracy", True, "It is True"),
    ],
)
def test_what_is_beyond_the_limits_is_displayed(name, value, told, monkeypatch):
    monkeypatch.setattr(replay, "train", None)
    with pytest.raises(Fault, match=told):
        replay.reaches(Answers(CHOSEN | {name: value}), 95)


def test_a_run_of_hours_is_refused():
    with pytest.raises(Fault, match="batch_size = 8 are 10800 steps: at most 6000 are run"):
        replay.is_a_run(Answers(CHOSEN | {"epochs": 60, "batch_size": 8}))


@pytest.mark.parametrize("value", [None, [CHOSEN], {}])
def test_what_is_no_run_is_told(value):
    with pytest.raises(Fault, match=r"What is returned is|There is no hidden, epochs"):
        replay.is_a_run(Answers(value))
