"""A chosen setting, trained again with three seeds: what it comes to on pictures that were held back."""

import functools
import weakref
from pathlib import Path

from backpass.judging.failures import Fault
from backpass.tuning.trainer import ConfigError, config_of, digits, train
from backpass.worker.calls import Call
from backpass.worker.wire import Unsupported

DIGITS = Path(__file__).resolve().parents[2] / "exercises" / "training" / "digits.csv.gz"
SETTINGS = ("hidden", "epochs", "batch_size", "max_lr", "weight_decay", "dropout", "label_smoothing")
EXPECTED = "expected_accuracy"
# Each seed has another part of the digits held back, so that no one part decides: 1,080 pictures in all.
SEEDS, SPLITS = (11, 12, 13), (101, 102, 103)
WITHIN = 1.0  # percentage points


def is_a_run(student):
    """A dict with all settings, within the limits."""
    _chosen(student)


def reaches(student, percent):
    """The mean accuracy over the seeds is so high."""
    config, _ = _chosen(student)
    accuracies = replayed(config)
    mean = sum(accuracies) / len(accuracies)
    if mean < percent - 1e-9:
        raise Fault(f"below_{percent:g}", _told(accuracies))


def foresees(student):
    """The accuracy that was expected is the one that came."""
    config, expected = _chosen(student)
    accuracies = replayed(config)
    mean = sum(accuracies) / len(accuracies)
    if abs(expected - mean) > WITHIN + 1e-9:
        text = f"You expected {expected:.2f} %. {_told(accuracies)}"
        raise Fault("expected_too_much" if expected > mean else "expected_too_little", text)


def _told(accuracies):
    each = ", ".join(f"{accuracy:.2f} %" for accuracy in accuracies)
    return f"On pictures that were held back it comes to {sum(accuracies) / len(accuracies):.2f} % ({each})."


@functools.lru_cache(64)
def replayed(config):
    """The accuracy of each seed, in percent."""
    data = [digits(DIGITS, split) for split in SPLITS]
    return [100 * each for each in train(config, data, SEEDS)["accuracy"]]


_answers = weakref.WeakKeyDictionary()


def _chosen(student):
    """(config, expected accuracy in percent) of a submission; a Fault where they are no run."""
    if student not in _answers:  # asked once: what is different each time is not trained each time
        (_answers[student],) = student.values([Call({})])
    chosen = _answers[student]
    if not isinstance(chosen, dict):
        what = "None" if chosen is None else f"a {getattr(chosen, 'type_name', type(chosen).__name__)}"
        raise Fault("not_a_dict", f"What is returned is {what}.")
    missing = [name for name in (*SETTINGS, EXPECTED) if name not in chosen]
    if missing:
        raise Fault("settings_missing", f"There is no {', '.join(missing)}.")
    for name in (*SETTINGS, EXPECTED):
        if isinstance(chosen[name], Unsupported):
            raise Fault("beyond_the_limits", f"{name} is of the type {chosen[name].type_name}: a number is asked for.")
    expected = chosen[EXPECTED]
    if type(expected) not in (int, float) or not 0 <= expected <= 100:
        raise Fault("expected_no_accuracy", f"It is {str(expected)[:40]}.", about=EXPECTED)
    try:
        config = config_of({name: chosen[name] for name in SETTINGS})
        config.steps(1437)
    except ConfigError as error:
        about = next((name for name in SETTINGS if str(error).startswith(name)), "")
        raise Fault("beyond_the_limits", str(error), about=about) from None
    # A share, such as 0.98, is as good as a percentage.
    return config, 100 * expected if expected <= 1 else float(expected)
