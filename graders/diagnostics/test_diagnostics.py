"""Hidden grader of the unit diagnostics."""

import json
import math
import statistics
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import torch
from hypothesis import strategies as st

from backpass.judging.assertions import agree, leaves_inputs_alone, leaves_no_trace
from backpass.judging.cases import ROUNDINGS, Draw, draw, fixed
from backpass.judging.checks import check
from backpass.judging.comparison import wrong_answers
from backpass.judging.failures import Description, Failure, Fault
from backpass.worker.invoke import Call
from backpass.worker.wire import Seed
from graders import strategies as some
from graders.diagnostics.curves import Run, drawn

FLOAT32 = (torch.float32,)
# Integers come in, a Python float goes out: it may have been computed in float32 on the way.
OF_INTEGERS = {"dtypes": FLOAT32, "precision": torch.float32}


def is_pure(student, cases):
    leaves_inputs_alone(student, cases)
    leaves_no_trace(student, cases)


def telling(fault, failure):
    """What a failure is described by where the catalogue has no name for it: a Fault that was found, or nothing."""
    if fault is None:
        return None
    shown = [index for index, case in enumerate(failure.cases) if case is fault.case] or list(failure.wrong)
    return lambda failure, student: Description(fault.mistake, fault.tell, shown[0])


def judged(student, cases, explain):
    """`agree`; where no mistake of the catalogue fits, `explain(ask, inputs)` may have something to tell.

    It is given what was answered wrongly: `ask(change)` is the pairs of answers to each of these inputs and to
    what `change` makes of them. An answer is a number here.
    """
    try:
        agree(student, cases)
    except Failure as failure:
        asked = [cases[index].inputs for index in failure.wrong]

        def answers_to(inputs):
            calls = [replace(cases[0], inputs=each, keywords=tuple(set(each) & {"positive"})).call() for each in inputs]
            return [answer.value if answer.raised is None else None for answer in student.ask(calls)]

        before = [failure.answers[index].value for index in failure.wrong]
        if not all(isinstance(value, float | int) for value in before):
            raise

        def pairs(change):
            after = answers_to([change(inputs) for inputs in asked])
            return [(a, b) for a, b in zip(before, after, strict=True) if isinstance(b, float | int)]

        failure.describe = telling(explain(before, pairs, cases[next(iter(failure.wrong))]), failure)
        raise


def _differ(pairs):
    """Whether more than one pair of answers is of two different ones."""
    return sum(abs(a - b) > 1e-4 for a, b in pairs) > 1


def _renamed(inputs):
    """The same predictions and labels with other names for the classes; the class in question goes along."""
    renamed = inputs | {"pred": 7 - inputs["pred"], "labels": 7 - inputs["labels"]}
    return renamed | {"positive": 7 - inputs.get("positive", 1)} if "positive" in renamed else renamed


def _turned(inputs):
    """The samples in another order."""
    return inputs | {name: inputs[name].flip(0).roll(1) for name in ("pred", "labels")}


def _twice(inputs):
    """Every sample twice."""
    return inputs | {name: inputs[name].repeat(2) for name in ("pred", "labels")}


def about_a_share(before, pairs, case):
    """What cannot be right of any share of samples."""
    outside = [value for value in before if not 0 <= value <= 1]
    if outside:
        return Fault("not_a_share", f"Your result can be {outside[0]:.4g}: a share lies between 0 and 1.", case)
    if _differ(pairs(_turned)):
        tell = "Your result changes when the samples come in another order: do all of them count, and each once?"
        return Fault("order_matters", tell, case)
    if _differ(pairs(_twice)):
        tell = (
            "Your result changes when every sample comes twice: something is added to the counts, or what you divide "
            "by is no count of samples."
        )
        return Fault("not_a_ratio_of_counts", tell, case)
    return None


def about_accuracy(before, pairs, case):
    if _differ(pairs(_renamed)):
        tell = (
            "Your result changes when the classes are given other numbers, in pred and labels alike: the numbers are "
            "names. All that matters is whether they are equal."
        )
        return Fault("class_numbers_matter", tell, case)
    return about_a_share(before, pairs, case)


def _others_changed(inputs):
    """Another prediction for every sample that is not of the class: some become false alarms, others stop being one."""
    positive = inputs.get("positive", 1)
    flipped = torch.where(inputs["pred"] == positive, positive + 1, positive)
    return inputs | {"pred": torch.where(inputs["labels"] == positive, inputs["pred"], flipped)}


def about_recall(before, pairs, case):
    if _differ(pairs(_others_changed)):
        tell = (
            "What is predicted for samples of other classes changes your result: recall looks at the samples of the "
            "class alone."
        )
        return Fault("other_classes_count", tell, case)
    if _differ(pairs(lambda inputs: _renamed({"positive": 1} | inputs))):
        tell = (
            "Your result changes when the classes are given other numbers, `positive` included: the numbers are names. "
            "Is a class compared with `positive` everywhere, or taken for true or false, or for 1?"
        )
        return Fault("class_numbers_matter", tell, case)
    return about_a_share(before, pairs, case)


def class_counts(dtype):
    return st.fixed_dictionaries({"num_classes": st.sampled_from([2, 3, 4, 5, 7, 12, 37])})


COUNTS = draw(
    class_counts, count=6, **OF_INTEGERS, always=tuple({"num_classes": count} for count in (10, 100, 1000, 50257))
)
NO_CHOICE = fixed({"num_classes": 1}, precision=torch.float32)


@check("diagnostics.initial_loss", COUNTS, weight=8)
def test_initial_loss_values(student, cases):
    try:
        agree(student, cases)
    except Failure as failure:
        failure.describe = telling(_about_a_first_loss(student, cases), failure)
        raise


def _about_a_first_loss(student, cases):
    """What cannot be right of a logarithm of the number of classes."""
    few, many, again = (answer.value for answer in student.ask([Call({"num_classes": n}) for n in (10, 100, 10)]))
    if not all(isinstance(value, float) for value in (few, many, again)):
        return None
    if few != again:
        tell = f"Two calls with 10 classes give {few:.4g} and {again:.4g}: nothing about this number is random."
        return Fault("random_result", tell, cases[0])
    if few == many:
        return Fault("ignores_num_classes", f"You return {few:.4g} for 10 classes and for 100.", cases[0])
    if not math.isclose(many - few, math.log(10), rel_tol=1e-3):
        tell = (
            f"Ten times as many classes add log 10 = 2.303 to the loss, and yours goes from {few:.4g} to {many:.4g} as "
            "10 classes become 100: it is not the natural logarithm of the number of classes."
        )
        return Fault("not_the_logarithm", tell, cases[0])
    return None


@check("diagnostics.initial_loss", NO_CHOICE, once_right=True)
def test_initial_loss_without_a_choice(student, cases):
    agree(student, cases)


@check("diagnostics.initial_loss", COUNTS, once_right=True)
def test_initial_loss_is_pure(student, cases):
    is_pure(student, cases)


@st.composite
def predictions(draw, dtype, smallest=1):
    """Labels, and predictions that are right about half of the time."""
    count, classes = draw(st.integers(smallest, 24)), draw(some.sizes(2, 5))
    labels, guesses = draw(some.labels(count, classes)), draw(some.labels(count, classes))
    is_right = torch.tensor(draw(st.lists(st.booleans(), min_size=count, max_size=count)))
    return {"pred": torch.where(is_right, labels, guesses), "labels": labels}


@st.composite
def predictions_for_a_class(draw, dtype):
    case = draw(predictions(dtype))
    positive = draw(st.sampled_from(case["labels"].tolist()))
    return case | {"positive": positive}


@st.composite
def predictions_for_class_one(draw, dtype):
    """The default class; at least one sample has it."""
    case = draw(predictions(dtype, smallest=2))
    case["labels"][0] = 1
    return case


@st.composite
def without_the_class(draw, dtype):
    """No sample has the class; some predictions may."""
    case = draw(predictions(dtype))
    return case | {"positive": 1 + int(case["labels"].max())}


def rare_class(count, positives, found):
    """A class of `positives` among `count`, of which `found` are found."""
    labels, pred = torch.zeros(count, dtype=torch.int64), torch.zeros(count, dtype=torch.int64)
    labels[:positives], pred[:found] = 1, 1
    return {"pred": pred, "labels": labels}


ONE = torch.tensor([1])
RARE = (rare_class(200, 2, 0), rare_class(300, 3, 1), rare_class(100, 5, 5))
ALL_AND_NOTHING = (
    {"pred": ONE, "labels": ONE},
    {"pred": ONE, "labels": 0 * ONE},
    {"pred": torch.tensor([0, 1, 2]), "labels": torch.tensor([0, 1, 2])},
    {"pred": torch.tensor([0, 1, 2]), "labels": torch.tensor([1, 2, 0])},
)
PREDICTIONS = draw(predictions, count=24, **OF_INTEGERS, always=RARE + ALL_AND_NOTHING)
FOR_A_CLASS = draw(predictions_for_a_class, count=20, **OF_INTEGERS)
FOR_CLASS_ONE = draw(predictions_for_class_one, count=12, **OF_INTEGERS, always=RARE)
ABSENT = draw(
    without_the_class,
    count=6,
    **OF_INTEGERS,
    always=({"pred": 0 * ONE, "labels": 0 * ONE}, {"pred": ONE, "labels": 0 * ONE}),
)


@check("diagnostics.accuracy", PREDICTIONS, weight=9)
def test_accuracy_values(student, cases):
    judged(student, cases, about_accuracy)


@check("diagnostics.accuracy", PREDICTIONS, once_right=True)
def test_accuracy_is_pure(student, cases):
    is_pure(student, cases)


@check("diagnostics.recall", FOR_A_CLASS, FOR_CLASS_ONE, weight=7)
def test_recall_values(student, cases):
    judged(student, cases, about_recall)


@check("diagnostics.recall", ABSENT, weight=2, once_right=True)
def test_recall_of_an_absent_class(student, cases):
    agree(student, cases)


@check("diagnostics.recall", FOR_A_CLASS, FOR_CLASS_ONE, once_right=True)
def test_recall_is_pure(student, cases):
    is_pure(student, cases)


class Sizes(Draw):
    """Cases whose result is a dict of (size, verdict). A mean of absolute values loses no digits, however small."""

    def make(self, inputs, parameters, reference):
        case = super().make(inputs, parameters, reference)
        eps = torch.finfo(case.dtype or torch.float32).eps
        tolerance = {
            name: [ROUNDINGS * eps * size if math.isfinite(size) else 0.0, 0]
            for name, (size, _) in case.expected.items()
        }
        return replace(case, tolerance=tolerance)


NAMES = ("w1", "b1", "w2", "b2", "encoder.weight", "head.bias")
# Far from the limits, whatever is drawn: entries are between 0.5 and 7.3 in size before they are scaled.
SCALES = {"default": (1e-9, 1e-8, 1e-3, 1.0, 30.0, 1e5, 1e7), "given": (1e-5, 1e-4, 1.0, 120.0, 1e4)}


@st.composite
def gradients(draw, dtype, scales=SCALES["default"]):
    count = draw(st.integers(1, 4))
    grads = {}
    for name in draw(st.permutations(NAMES))[:count]:
        shape = draw(st.sampled_from([(2, 3), (3,), (4, 2), (1,), (), (5, 1), (2, 2, 3)]))
        grad = draw(some.tensors(shape, torch.float64))
        grad = torch.where(grad.abs() < 0.5, -0.75, grad)
        grads[name] = some.as_laid_out(grad, grad * draw(st.sampled_from(scales))).to(dtype)
    return {"grads": grads}


@st.composite
def gradients_with_limits(draw, dtype):
    """With limits of the caller's: what is healthy by default is not, and the other way round."""
    case = draw(gradients(dtype, SCALES["given"]))
    return case | {"low": draw(st.sampled_from([2e-3, 1e-2])), "high": draw(st.sampled_from([50.0, 20.0]))}


def unusual(dtype):
    """Zeros, nothing at all, and single entries that a maximum, a norm or a median sees in another light."""
    lonely = torch.zeros(1000, dtype=dtype)
    lonely[17] = -5e4
    yield {"grads": {}}
    yield {"grads": {"w": torch.zeros(3, 2, dtype=dtype), "b": torch.ones(2, dtype=dtype)}}
    yield {"grads": {"lonely": lonely, "b": torch.tensor([-3.0], dtype=dtype)}}
    yield {"grads": {"balanced": torch.tensor([4e4, -4e4], dtype=dtype)}}


def broken(dtype):
    """Gradients of which an entry, or every entry, is no number."""
    for value in (math.nan, math.inf, -math.inf):
        yield {"grads": {"w": torch.tensor([[0.5, value], [-0.25, 1.0]], dtype=dtype), "b": torch.ones(3, dtype=dtype)}}
        yield {"grads": {"tiny": torch.tensor([1e-9, value], dtype=dtype)}}
        yield {"grads": {"all": torch.full((2,), value, dtype=dtype)}}


BOTH = (torch.float32, torch.float64)
GRADIENTS = Sizes(gradients, count=14, always=tuple(case for dtype in BOTH for case in unusual(dtype)))
LIMITED = Sizes(gradients_with_limits, count=10)
BROKEN = Sizes(None, always=tuple(case for dtype in BOTH for case in broken(dtype)))
INFINITE_AND_NAN = Sizes(
    None, always=tuple({"grads": {"w": torch.tensor([math.inf, math.nan, 1.0], dtype=dtype)}} for dtype in BOTH)
)


@check("diagnostics.gradient_report", GRADIENTS, LIMITED, weight=6)
def test_gradient_report_values(student, cases):
    try:
        agree(student, cases)
    except Failure as failure:
        failure.describe = telling(_about_a_report(student, cases, failure), failure)
        raise


def _about_a_report(student, cases, failure):
    """What is wrong in a report of the right form: a verdict on a right size, or how the size is measured."""
    for index in failure.wrong:
        case, got = cases[index], failure.answers[index].value
        if not _is_report(got, case.expected):
            return None
    words = {"vanishing", "healthy", "exploding"}
    for index in failure.wrong:
        case, got = cases[index], failure.answers[index].value
        limits = f"`low` is {case.inputs.get('low', 1e-6):g} and `high` {case.inputs.get('high', 1e3):g}"
        for name, (size, verdict) in case.expected.items():
            if got[name][1] not in words:
                tell = f'The words are "vanishing", "healthy" and "exploding": you write {str(got[name][1])[:40]!r}.'
                return Fault("another_word", tell, case)
            if got[name][1] != verdict and math.isclose(got[name][0], size, rel_tol=1e-4):
                tell = (
                    f'The size of `{name}`, {size:.3g}, is right, and the verdict "{got[name][1]}" is not: {limits}, '
                    f'so it is "{verdict}". Compare the size, and nothing else, with both limits.'
                )
                return Fault(f"{verdict}_called_{got[name][1]}", tell, case)
    grad = torch.tensor([[3.0, -1.0, 2.0], [-0.5, 4.0, 1.5]], dtype=torch.float64)
    questions = {
        "sign_of_the_gradient_matters": (
            -grad,
            1,
            "Your size changes when the sign of every entry changes: take absolute values of the entries first.",
        ),
        "grows_with_the_number_of_entries": (
            grad.repeat(3, 1),
            1,
            "Your size changes when every entry comes three times: a mean does not depend on how many there are.",
        ),
        "shape_matters": (
            grad.T.contiguous(),
            1,
            "Your size changes when the gradient is transposed: the mean runs over all entries, whatever the shape.",
        ),
        "dimensions_matter": (
            grad.reshape(-1),
            1,
            "Your size changes when the same numbers come in one dimension: the mean runs over all entries, always.",
        ),
        "not_proportional": (
            10 * grad,
            10,
            "For a gradient ten times as large your size is not ten times as large: an absolute value is no square, "
            "and nothing is added to it.",
        ),
    }
    asked = [Call({"grads": {"w": each}}) for each in (grad, *(changed for changed, _, _ in questions.values()))]
    sizes = [answer.value["w"][0] if answer.raised is None else math.nan for answer in student.ask(asked)]
    for (mistake, (_, factor, tell)), size in zip(questions.items(), sizes[1:], strict=True):
        if not math.isclose(size, factor * sizes[0], rel_tol=1e-4):
            return Fault(mistake, tell, cases[next(iter(failure.wrong))])
    pairs = [
        (got[0], size)
        for index in failure.wrong
        for got, (size, _) in zip(
            failure.answers[index].value.values(),
            (cases[index].expected[name] for name in failure.answers[index].value),
            strict=True,
        )
    ]
    if all(math.isclose(got, size, rel_tol=1e-2, abs_tol=1e-4) for got, size in pairs):
        tell = (
            "Your sizes are rounded on the way (round, a lower precision, an added constant): small gradients show it."
        )
        return Fault("rounded_sizes", tell, cases[next(iter(failure.wrong))])
    return None


def _is_report(got, expected):
    return (
        isinstance(got, dict)
        and got.keys() == expected.keys()
        and all(isinstance(each, list | tuple) and len(each) == 2 for each in got.values())
        and all(isinstance(size, float) for size, _ in got.values())
    )


@check("diagnostics.gradient_report", BROKEN, INFINITE_AND_NAN, weight=3, once_right=True)
def test_gradient_report_of_what_is_no_number(student, cases):
    try:
        agree(student, cases)
    except Failure as failure:
        failure.describe = telling(_about_a_broken_gradient(cases, failure), failure)
        raise


def _about_a_broken_gradient(cases, failure):
    for index in failure.wrong:
        case, got = cases[index], failure.answers[index].value
        if not _is_report(got, case.expected):
            return None
        for name, (_, verdict) in case.expected.items():
            if got[name][1] != verdict:
                tell = (
                    f'`{name}` is called "{got[name][1]}" although an entry is infinite or NaN: it is "exploding". Ask '
                    "whether every entry is finite before you compare the size with anything."
                )
                return Fault("not_finite_not_exploding", tell, case)
    tell = "An entry is infinite or NaN, and your size is an ordinary number: that hides the damage."
    return Fault("size_of_the_finite_part", tell, cases[next(iter(failure.wrong))])


@check("diagnostics.gradient_report", GRADIENTS, LIMITED, BROKEN, once_right=True)
def test_gradient_report_is_pure(student, cases):
    is_pure(student, cases)


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


def clinic():
    """The recorded runs of `graders.diagnostics.clinic`."""
    records = json.loads(Path(__file__).with_name("clinic.json").read_text(encoding="utf-8"))
    for name, record in records.items():
        story = f"a real network was trained (the case {name.replace('_', ' ')!r})"
        yield Run(story, record["diagnosis"], record["train"], record["val"])


def as_cases(runs):
    return fixed(*({"train": run.train, "val": run.val} for run in runs))


DRAWN = tuple(drawn((2.3, 0.69, 4.6, 1.4, 3.0), seed=1))
SCALED = tuple(drawn((0.02, 150.0), seed=2, lengths=(25, 36)))
CLINIC = tuple(clinic())


def diagnosed(student, cases, runs):
    """Every run gets its word; where not, what goes wrong is told by the kind of run, not by the code's thresholds."""
    answers = student(cases)
    wrong = wrong_answers(cases, answers, student.exercise.returns)
    if not wrong:
        return
    said = [None if answer.raised is not None else answer.value for answer in answers]
    fault = None if any(answer.raised is not None for answer in answers) else _fault(student, cases, said, wrong, runs)
    failure = Failure(cases, answers, wrong)
    failure.describe = telling(fault, failure)
    raise failure


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


@check("diagnostics.diagnose_curve", as_cases(DRAWN), weight=5)
def test_diagnose_curve_of_drawn_runs(student, cases):
    diagnosed(student, cases, DRAWN)


@check("diagnostics.diagnose_curve", as_cases(CLINIC), weight=2)
def test_diagnose_curve_of_real_runs(student, cases):
    diagnosed(student, cases, CLINIC)


@check("diagnostics.diagnose_curve", as_cases(SCALED), weight=2)
def test_diagnose_curve_whatever_the_scale(student, cases):
    diagnosed(student, cases, SCALED)


@check("diagnostics.diagnose_curve", as_cases(CLINIC), weight=1, once_right=True)
def test_diagnose_curve_is_pure(student, cases):
    is_pure(student, cases)


# overfit_one_batch has many right answers: any optimizer, any start. What all of them have in common is checked.

RATES = (0.1, 0.5, 0.02, 0.003)


def batch(samples, features, classes, seed, dtype=torch.float32):
    """Samples that differ, with every class among the labels."""
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(samples, features, generator=generator, dtype=torch.float64).to(dtype)
    return {"x": x, "labels": torch.arange(samples).flip(0) % classes}


SHORT = fixed(
    {**batch(8, 20, 4, seed=1), "hidden": 6, "lr": 0.1, "steps": 4, "generator": Seed(1)},
    {**batch(5, 3, 2, seed=2), "hidden": 4, "lr": 0.02, "steps": 7, "generator": Seed(2)},
    {**batch(1, 2, 1, seed=3), "hidden": 3, "lr": 0.1, "steps": 1, "generator": Seed(3)},
)


def losses(student, *questions, **common):
    """The lists of losses, each of the right form; `hidden`, `lr`, `steps` and `generator` have defaults."""
    usual = {"hidden": 16, "lr": 0.1, "steps": 3, "generator": Seed(5)}
    order = ("x", "labels", "hidden", "lr", "steps", "generator")
    inputs = [usual | common | question for question in questions]
    found = student.values([Call({name: each[name] for name in order}) for each in inputs])
    for each, given in zip(found, inputs, strict=True):
        _has_the_form(each, given["steps"])
    return found


def _has_the_form(found, steps):
    if found is None:
        raise Fault("returns_none", "`overfit_one_batch` returns None. Is a `return` missing?")
    if isinstance(found, torch.Tensor):
        raise Fault("tensor_of_losses" if found.dim() else "last_loss_alone")
    if isinstance(found, float | int):
        raise Fault("last_loss_alone")
    if not isinstance(found, list | tuple):
        raise Fault("wrong_type", f"You return a {type(found).__name__}: a list of Python floats is asked for.")
    if any(isinstance(each, list | tuple | dict) for each in found):
        raise Fault("more_than_the_losses")
    if any(isinstance(each, torch.Tensor) for each in found):
        raise Fault("tensors_for_floats")
    if any(type(each) is not float for each in found):
        raise Fault("wrong_type", "A loss in your list is no Python float.")
    if len(found) != steps:
        differences = {1: "one_loss_too_many", -1: "one_loss_too_few"}
        mistake = differences.get(len(found) - steps)
        evidence = f"For steps={steps} you return {len(found)} losses."
        if mistake is None and len(found) > steps:
            raise Fault("more_losses_than_steps", f"You return more losses than steps. {evidence}")
        raise Fault(mistake or "losses_now_and_then", evidence)


@check("diagnostics.overfit_one_batch", SHORT, weight=7)
def test_overfit_one_batch_learns_by_heart(student, cases):
    values = student.values([case.call() for case in cases])
    for case, value in zip(cases, values, strict=True):
        _has_the_form(value, case.inputs["steps"])
    _starts_at_log_c(student)
    _falls_below_a_hundredth(student)
    _is_the_loss_of_the_batch(student)


def _falls_below_a_hundredth(student):
    data = batch(8, 20, 3, seed=4)
    (still,) = losses(student, data, lr=0.0, steps=20, hidden=64)
    best = math.inf
    for lr in RATES:
        (run,) = losses(student, data, lr=lr, steps=1000, hidden=64)
        if max(run) - min(run) < 1e-6:
            raise Fault("nothing_is_trained", _told(run))
        best = min(best, run[-1])  # NaN is never less
        if best < 0.01:
            return
        if max(still) - min(still) > 1e-4:
            raise Fault("starts_anew_in_every_step", _told(still))
        if lr == RATES[0]:
            first = run
    if first[0] < first[5] < first[10]:
        raise Fault("goes_uphill", _told(first))
    if abs(first[0] - math.log(3)) < 1e-6 and best > 1.0:
        raise Fault("all_weights_zero", _told(first))
    if not best <= 2 * first[0]:  # NaN is never less
        raise Fault("ends_above_its_start", f"{_told(first)} The lowest of your last losses is {best:.4g}.")
    if abs(best - (math.log(math.e + 2) - 1)) < 0.02:
        raise Fault("softmax_twice", _told(first))
    raise Fault("stays_too_high", f"The lowest of your last losses is {best:.4g}.")


def _starts_at_log_c(student):
    """Of inputs that are 0 a network knows nothing; of others only a little more, if its weights are small."""
    classes, samples = 4, 8
    blind = batch(samples, 5, classes, seed=6)
    (run,) = losses(student, blind | {"x": torch.zeros(samples, 5)}, steps=1)
    first, log_c = run[0], math.log(classes)
    evidence = f"For C = {classes} the first loss is {first:.4g}, and log {classes} is {log_c:.4g}."
    known = {
        samples * log_c: "summed_over_the_samples",
        log_c / samples: "divided_by_the_batch_twice",
        log_c / math.log(2): "loss_in_bits",
        -log_c: "wrong_sign_in_the_list",
    }
    for value, mistake in known.items():
        if abs(first - value) < 0.01 * abs(value):
            raise Fault(mistake, evidence)
    count = math.exp(min(first, 20.0))
    if round(count) != classes and abs(count - round(count)) < 1e-4 * count and first > 0.1:
        raise Fault("wrong_number_of_classes", evidence + f" That is the loss of {round(count)} classes.")
    if not first > 0.99 * log_c:  # random biases may lift it, and nothing can lower it
        raise Fault("another_loss", evidence)
    starts = losses(
        student, *({"generator": Seed(seed)} for seed in range(8)), **batch(8, 20, 4, seed=7), steps=1, hidden=64
    )
    mean = statistics.mean(start[0] for start in starts)
    if not mean < log_c + 3:
        raise Fault("weights_too_large", f"The mean of eight starts is {mean:.4g}; log 4 is 1.386.")


def _told(run):
    """The beginning and the end of a list of losses."""
    shown = [f"{loss:.4g}" for loss in run]
    return f"Your losses: {', '.join(shown[:3])}, ..., {shown[-1]}."


def _is_the_loss_of_the_batch(student):
    """Equal samples with different labels: no network gets below the entropy of the labels, any good one gets there."""
    x = torch.tensor([[0.7, -1.2, 0.4, 1.5, -0.3]]).repeat(8, 1)
    data = {"x": x, "labels": torch.tensor([0, 0, 0, 1, 0, 0, 1, 0])}
    entropy = -(0.75 * math.log(0.75) + 0.25 * math.log(0.25))
    for lr, steps in ((0.1, 150), (0.02, 300), (0.5, 1000)):
        (run,) = losses(student, data, lr=lr, steps=steps)
        lowest = min(run)
        if lowest < 1.1 * entropy:
            break
    evidence = f"The lowest possible is {entropy:.4g}, and yours is {lowest:.4g}."
    if all(loss == round(loss, 4) for loss in run):
        raise Fault("rounded_losses", evidence)
    if 1e-3 < entropy - lowest < 0.1 * entropy and max(abs(loss - lowest) for loss in run[-10:]) < 1e-3:
        raise Fault("padded_logarithm", evidence)
    if lowest < entropy - 1e-3:
        (learnable,) = losses(student, batch(8, 5, 2, seed=8), lr=lr, steps=steps)
        ratios = [[loss / each[0] for loss in each[::10]] for each in (run, learnable)]
        invented = all(abs(a - b) < 1e-3 for a, b in zip(*ratios, strict=True))
        raise Fault("invented_losses" if invented else "part_of_the_batch", evidence)
    if not lowest < 1.1 * entropy:
        tell = "On a batch in which equal samples have different labels, your loss does not get to the labels' entropy."
        raise Fault("not_the_cross_entropy", f"{tell} {evidence}")


@check("diagnostics.overfit_one_batch", weight=2, once_right=True)
def test_overfit_one_batch_uses_the_generator(student):
    data = batch(8, 20, 4, seed=10) | {"steps": 5}
    first, again, other = losses(student, *({"generator": Seed(seed)} for seed in (1, 1, 2)), **data)
    if any(abs(a - b) > 1e-5 * max(1.0, abs(a)) for a, b in zip(first, again, strict=True)):
        raise Fault("generator_not_used")
    if first == other:
        raise Fault("weights_always_the_same")
    order = ("x", "labels", "hidden", "lr", "steps", "generator")
    inputs = {**data, "hidden": 16, "lr": 0.1, "generator": Seed(1)}
    one, two = student.values([Call({name: inputs[name] for name in order}, times=2)])[0]
    if one == two:
        raise Fault("generator_seeded_again")


@check("diagnostics.overfit_one_batch", weight=2, once_right=True)
def test_overfit_one_batch_notes_the_loss_before_the_step(student):
    data = batch(8, 20, 4, seed=9)
    still, slow, fast = losses(student, {"lr": 0.0}, {"lr": 0.001}, {"lr": 0.5}, **data, steps=6)
    if max(still) - min(still) > 1e-4:
        raise Fault("lr_ignored", _told(still))
    if max(abs(run[0] - still[0]) for run in (slow, fast)) > 1e-5:
        evidence = f"It is {still[0]:.5g} at lr=0, and {fast[0]:.5g} at lr=0.5."
        raise Fault("loss_after_the_step", evidence)
    if slow == fast:
        raise Fault("lr_ignored", "At lr=0.001 and at lr=0.5 the losses are the same.")


@check("diagnostics.overfit_one_batch", weight=1, once_right=True)
def test_overfit_one_batch_notes_losses_that_rise(student):
    """At a learning rate of 1000 on equal samples with different labels any first step goes much too far."""
    data = {"x": torch.tensor([[0.7, -1.2, 0.4]]).repeat(4, 1), "labels": torch.tensor([0, 0, 1, 0])}
    (answer,) = student.ask([Call(data | {"hidden": 16, "lr": 1000.0, "steps": 6, "generator": Seed(5)})])
    if answer.raised is not None:  # the logarithm of 0, say: at such a rate nothing else is asked
        return
    _has_the_form(answer.value, 6)
    if all(later <= earlier for earlier, later in pairwise(answer.value)):  # NaN is never less
        raise Fault("best_so_far", _told(answer.value))


@check("diagnostics.overfit_one_batch", weight=2, once_right=True)
def test_overfit_one_batch_bends(student):
    """XOR, far from the origin: the best linear network stays at log 2 = 0.693."""
    x = torch.tensor([[3.0, 2.5], [3.0, -1.5], [-1.0, 2.5], [-1.0, -1.5]]).repeat(2, 1)
    data = {"x": x, "labels": torch.tensor([0, 1, 1, 0] * 2)}
    lowest = math.inf
    for lr, steps in ((0.5, 300), (0.1, 300), (0.5, 1500), (0.02, 1500)):
        (run,) = losses(student, data, lr=lr, steps=steps, hidden=64)
        lowest = min(lowest, run[-1])
        if lowest < 0.6:
            return
    raise Fault("no_nonlinearity", f"The lowest of your last losses is {lowest:.4g}.")


@check("diagnostics.overfit_one_batch", weight=1, once_right=True)
def test_overfit_one_batch_trains_every_layer(student):
    """Four units are too few for chance: full training ends below 0.2 in the median, with a frozen layer above 0.55."""
    data = batch(16, 40, 4, seed=12)
    medians = []
    for lr, steps, count in ((0.1, 250, 3), (0.1, 500, 5), (0.5, 500, 5), (0.02, 500, 5)):
        seeds = [{"generator": Seed(seed)} for seed in range(count)]
        runs = losses(student, *seeds, **data, lr=lr, steps=steps, hidden=4)
        medians.append(statistics.median(run[-1] for run in runs))
        if medians[-1] < 0.4:
            return
    raise Fault("a_layer_never_learns", f"The median of the runs ends at {min(medians):.4g}.")


@check("diagnostics.overfit_one_batch", weight=1, once_right=True)
def test_overfit_one_batch_counts_classes_without_a_sample(student):
    """With labels 0, 1 and 4 there are five classes; of inputs that are 0 a network knows nothing: log 5."""
    inputs = {"x": torch.zeros(4, 5), "labels": torch.tensor([4, 0, 1, 4]), "hidden": 16, "lr": 0.1, "steps": 1}
    (answer,) = student.ask([Call(inputs | {"generator": Seed(6)})])
    if answer.raised is not None:
        evidence = f"With the labels 0, 1 and 4 your code raises {answer.raised.kind}."
        raise Fault("classes_counted_by_their_labels", evidence)
    _has_the_form(answer.value, 1)
    if answer.value[0] < 0.5 * (math.log(3) + math.log(5)):  # random biases may lift it, and nothing can lower it
        evidence = f"With the labels 0, 1 and 4 the first loss is {answer.value[0]:.4g}, and log 5 is 1.609."
        raise Fault("classes_counted_by_their_labels", evidence)


@check("diagnostics.overfit_one_batch", weight=1, once_right=True)
def test_overfit_one_batch_uses_hidden_and_the_dtype(student):
    data = batch(8, 20, 4, seed=13)
    few, many = losses(student, {"hidden": 3}, {"hidden": 50}, **data, steps=4)
    if few == many:
        raise Fault("hidden_ignored")
    try:
        (exact,) = losses(student, batch(8, 20, 4, seed=13, dtype=torch.float64), steps=8)
    except Fault as fault:
        raise Fault(fault.mistake, f"For x in float64: {fault.tell}", status=fault.status) from None
    if all(loss == torch.tensor(loss, dtype=torch.float32).item() for loss in exact):
        raise Fault("float32_network")


@check("diagnostics.overfit_one_batch", SHORT, once_right=True)
def test_overfit_one_batch_is_pure(student, cases):
    is_pure(student, cases)
