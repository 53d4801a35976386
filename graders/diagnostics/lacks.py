"""What can be told of a wrong answer that is no known mistake: which property of every right one it lacks."""

import math
from dataclasses import replace

import torch

from backpass.judging.assertions import agree
from backpass.judging.failures import Description, Failure, Fault
from backpass.worker.calls import Call


def telling(explain):
    """A test: `agree`; where no mistake of the catalogue fits, `explain(student, cases, failure)` may find a Fault."""

    def test(student, cases):
        try:
            agree(student, cases)
        except Failure as failure:
            failure.describe = described_by(explain(student, cases, failure), failure)
            raise

    return test


def described_by(fault, failure):
    """What a failure is described by: a Fault that was found, or nothing."""
    if fault is None:
        return None
    shown = [index for index, case in enumerate(failure.cases) if case is fault.case] or list(failure.wrong)
    return lambda failure, student: Description(fault.mistake, fault.tell, shown[0])


def of_numbers(explain):
    """Explains wrong numbers with `explain(before, pairs, case)`: `before` is what was answered wrongly, and
    `pairs(change)` are the pairs of answers to each of these inputs and to what `change` makes of them."""

    def explained(student, cases, failure):
        asked = [cases[index].inputs for index in failure.wrong]
        before = [failure.answers[index].value for index in failure.wrong]
        if not all(isinstance(value, float | int) for value in before):
            return None

        def pairs(change):
            inputs = [change(each) for each in asked]
            given = [replace(cases[0], inputs=each, keywords=tuple(set(each) & {"positive"})).call() for each in inputs]
            after = [answer.value if answer.raised is None else None for answer in student.ask(given)]
            return [(a, b) for a, b in zip(before, after, strict=True) if isinstance(b, float | int)]

        return explain(before, pairs, cases[next(iter(failure.wrong))])

    return telling(explained)


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


def _changed_where_not(by, other):
    """A change of `other` for every sample that `by` does not put into the class: to the class, or away from it."""

    def change(inputs):
        positive = inputs.get("positive", 1)
        flipped = torch.where(inputs[other] == positive, positive + 1, positive)
        return inputs | {other: torch.where(inputs[by] == positive, inputs[other], flipped)}

    return change


def _about_a_class(change, mistake, tell):
    """Explains wrong numbers of one class, which `change` should not touch."""

    def about(before, pairs, case):
        if _differ(pairs(change)):
            return Fault(mistake, tell, case)
        if _differ(pairs(lambda inputs: _renamed({"positive": 1} | inputs))):
            tell_of_names = (
                "Your result changes when the classes are given other numbers, `positive` included: the numbers are "
                "names. Is a class compared with `positive` everywhere, or taken for true or false, or for 1?"
            )
            return Fault("class_numbers_matter", tell_of_names, case)
        return about_a_share(before, pairs, case)

    return about


about_recall = _about_a_class(
    _changed_where_not("labels", "pred"),
    "other_classes_count",
    "What is predicted for samples of other classes changes your result: recall looks at the samples of the class "
    "alone.",
)
about_precision = _about_a_class(
    _changed_where_not("pred", "labels"),
    "other_predictions_count",
    "The labels of samples that are predicted to be of other classes change your result: precision looks at the "
    "samples that are predicted to be of the class alone.",
)


def about_a_first_loss(student, cases, failure):
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


def about_a_report(student, cases, failure):
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


def about_a_broken_gradient(student, cases, failure):
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
