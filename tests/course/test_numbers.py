"""Every number that can be computed is: equations in the texts, and what `facts.py` says where a number comes from.

`python -m tests.course.test_numbers` lists what nothing recomputes: what is given, and what papers report.
"""

import re

import numpy
import pytest
import torch

from backpass.course.manifest import Course, find_root
from backpass.course.predictions import predictions
from tests.course import facts_of_labs, facts_of_scale, facts_of_steps, facts_of_the_sick_run, facts_of_training  # noqa: F401
from tests.course.arithmetic import equations, half_a_digit, value
from tests.course.facts import FACTS

COURSE = Course.load(find_root())
ROOT = COURSE.root
TEXTS = [
    path
    for pattern in (
        "exercises/*/README*.md", "exercises/*/lab.md", "exercises/*/quiz.toml", "exercises/*/stub.py",
        "solutions/quizzes/*.toml", "solutions/labs/*.md", "course.toml",
    )
    for path in sorted(ROOT.glob(pattern))
]  # fmt: skip
BRACES = re.compile(r"\{([^{}]+)\}")
NUMBER = re.compile(r"(?<![\w.#*/`-])-?\d[\d,]*(?:\.\d+)?(?:e[-+]?\d+)?(?![\w])")


def lesson(unit):
    """The text of a lesson without its links to the glossary, or of the model answer to a lab: `labs/backprop`."""
    _, _, lab = unit.partition("/")
    path = ROOT / "solutions" / "labs" / f"{lab}.md" if lab else ROOT / "exercises" / unit / "README.md"
    return re.sub(r"\[([^\]]+)\]\([^)]*GLOSSARY[^)]*\)", r"\1", path.read_text())


def test_equations_hold():
    found = [(path.relative_to(ROOT), each) for path in TEXTS for each in equations(path.read_text())]
    wrong = [f"{path}: {each.text} ({each.left} and {each.right})" for path, each in found if not each.holds]
    assert not wrong, "\n".join(wrong)
    assert len(found) > 80


@pytest.mark.parametrize(
    ("unit", "quotation", "compute", "within"), FACTS, ids=[f"{unit}: {said[:40]}" for unit, said, *_ in FACTS]
)
def test_numbers_come_out_as_the_lesson_says(unit, quotation, compute, within):
    said = BRACES.findall(quotation)
    assert plain(quotation) in " ".join(lesson(unit).split()), f"the lesson does not say: {plain(quotation)}"
    computed = flat(compute())
    assert len(computed) == len(said), computed
    for text, number in zip(said, computed, strict=True):
        rounding = half_a_digit(text) or (0.501 if "/" not in text else 1e-9)
        assert abs(float(value(text)) - number) <= max(rounding, 1e-9) + within, f"{text} is {number:.6g}"


def unproved(unit):
    """The numbers of a lesson that no equation, no question and no fact computes, with what stands before them."""
    text = lesson(unit).partition("## Further reading")[0]
    for asked in predictions(COURSE, unit):
        text = text.replace(asked.code, "").replace(asked.output, "")
    text = " ".join(text.split())
    for of, quotation, *_ in FACTS:
        if of == unit:
            text = text.replace(plain(quotation), "")
    for equation in equations(lesson(unit)):
        text = text.replace(" ".join(equation.text.split()), "")
    for found in NUMBER.finditer(text):
        number = found[0].rstrip(",")
        if ("." in number or "e" in number or len(number) > 2) and not re.fullmatch(r"(19|20)\d\d", number):
            yield f"{text[max(0, found.start() - 30) : found.start()]}[{number}]"


def plain(quotation):
    return " ".join(BRACES.sub(r"\1", quotation).split())


def flat(found):
    if isinstance(found, torch.Tensor):
        return found.double().flatten().tolist()
    if isinstance(found, list | tuple):
        return [number for each in found for number in flat(each)]
    return [float(numpy.asarray(found))]


if __name__ == "__main__":
    for unit in COURSE.unit_names:
        print(f"{unit}:", *unproved(unit), sep="\n  ")
