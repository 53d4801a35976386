"""What is asked of a word for a run: the runs of the clinic, and what goes wrong where a word is not the right one."""

import json
import math
from collections import Counter
from pathlib import Path

from backpass.judging.failures import Fault
from backpass.worker.calls import Call
from graders.diagnostics.curves import Run
from graders.diagnostics.lacks import (
    telling,
)

# What tells a run of one kind from all others.
MARKS = {
    "healthy": "both losses end at a small part of the start, and val is not above its own minimum",
    "overfitting": "train goes on falling while val ends far above its own minimum",
    "underfitting": "both have moved, and both come to rest high above 0",
    "oscillating": "the jumps up and down never end: there are many of them",
    "diverged": "the losses are no numbers any more, or far above the start, and do not come back",
    "not learning": "neither loss has moved since the first epoch",
    "spike": "there is one jump, the losses come back from it, and they end low",
}

# One falls while it jumps, the other rises while it does: right programs part here.
ARGUABLE = ("rate_too_high", "gradients_never_zeroed_small_rate")


def clinic():
    """The recorded runs of `graders.diagnostics.clinic` that have one right word."""
    records = json.loads(Path(__file__).with_name("clinic.json").read_text(encoding="utf-8"))
    for name, record in records.items():
        if name in ARGUABLE:
            continue
        story = f"a real network was trained (the case {name.replace('_', ' ')!r})"
        yield Run(story, record["diagnosis"], record["train"], record["val"])


def diagnosed(runs):
    """Every run gets its word; where not, what goes wrong is told by the kind of run, not by the code's thresholds."""

    def explained(student, cases, failure):
        if any(answer.raised is not None for answer in failure.answers):
            return None
        return _fault(student, cases, [answer.value for answer in failure.answers], failure.wrong, runs)

    return telling(explained)


def _fault(student, cases, said, wrong, runs):
    for index in wrong:
        word = said[index]
        if word is not None and word not in MARKS:
            what = repr(word)[:60] if isinstance(word, str) else f"a {type(word).__name__}"
            return Fault("not_one_of_the_words", f"You return {what}: the seven words are {', '.join(MARKS)}.")
    if None in said:
        index = said.index(None)
        tell = f"For a run in which {runs[index].story} your code returns None: no branch of it is taken."
        return Fault("no_branch_taken", tell, cases[index])
    if len(set(said)) == 1:
        return Fault("always_the_same_word")
    confusions = Counter((runs[index].diagnosis, said[index]) for index in wrong)
    (right, word), *others = (pair for pair, _ in confusions.most_common())
    examples = [index for index in wrong if (runs[index].diagnosis, said[index]) == (right, word)]
    shown = min(examples, key=lambda index: len(runs[index].train))
    tell = f'A run in which {runs[shown].story} is called "{word}". It is "{right}": {MARKS[right]}.'
    if others:
        tell += " Also: " + ", ".join(f'"{right}" is called "{word}"' for right, word in others) + "."
    mistake = _by_what_it_sees(student, cases, said, wrong, runs)
    if mistake is None:
        return Fault(f"{right}_called_{word}".replace(" ", "_"), tell, cases[shown])
    return Fault(mistake, tell, cases[shown])


def _by_what_it_sees(student, cases, said, wrong, runs):
    """Which mistake explains that answers change, or do not, when the curves are changed in a way that matters."""
    broken = [index for index, run in enumerate(runs) if not all(map(math.isfinite, run.train + run.val))]
    unseen = [index for index in broken if index in wrong]
    if unseen and set(wrong) <= set(broken):
        if len(unseen) == len(broken):
            return "not_finite_not_seen"
        ends = {runs[index].train[-1] for index in unseen}
        if all(map(math.isinf, ends)):
            return "infinity_not_seen"
        if all(map(math.isnan, ends)) and not any(math.isnan(runs[index].train[-1]) for index in {*broken} - {*unseen}):
            return "nan_not_seen"
        return "not_finite_asked_too_late"
    finite = [index for index in range(len(cases)) if index not in broken]

    def answers_to(change):
        changed = [change(cases[index].inputs["train"], cases[index].inputs["val"]) for index in finite]
        given = student.ask([Call({"train": train, "val": val}) for train, val in changed])
        return [None if answer.raised is not None else answer.value for answer in given]

    before = [said[index] for index in finite]
    for size in (0.01, 100.0):
        after = answers_to(lambda train, val, size=size: ([size * v for v in train], [size * v for v in val]))
        if sum(a != b for a, b in zip(before, after, strict=True)) > 0.1 * len(finite):
            return "fixed_thresholds"
    for ignored, put in (
        ("val_ignored", lambda t, v, c: (t, c)),
        ("train_ignored", lambda t, v, c: (c, v)),
    ):
        if all(answers_to(lambda t, v, put=put, end=end: put(t, v, _towards(t, end))) == before for end in (0.01, 2.5)):
            return ignored
    if answers_to(lambda train, val: (_straight(train), _straight(val))) == before:
        return "only_the_ends"
    return None


def _towards(curve, end):
    """A smooth curve from the start of `curve` to `end` times that."""
    return [curve[0] * end ** (step / (len(curve) - 1)) for step in range(len(curve))]


def _straight(curve):
    """The straight line between the ends of a curve."""
    last = len(curve) - 1
    return [curve[0] + (curve[-1] - curve[0]) * step / last for step in range(last)] + curve[-1:]
