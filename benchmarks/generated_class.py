"""A class of one unit, generated: right, wrong, broken and hostile submissions, the same ones for the same seed.

A submission is the unit's solution with some functions replaced by answers of `tests/data/right_answers` and
`tests/data/wrong_answers`, or one of them by an attack of `tests/data/attacks`. So it is known which of its functions
are right.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path
from random import Random

from backpass.course.manifest import Course

ROOT = Path(__file__).resolve().parent.parent
UNIT = "losses"
COURSE = Course.load(ROOT)
FUNCTIONS = tuple(exercise.name for exercise in COURSE.unit(UNIT).exercises)

# In this proportion and order, so that the first ten of a class are what the whole class is.
KINDS = ("right", "wrong", "hostile", "wrong", "broken", "right", "wrong", "hostile", "wrong", "wrong")
# Graders without a sandbox meet these, too: they cheat in what they return or take their own process down, no more.
# Looked through one by one. The function that each replaces is softmax.
HARMLESS = (
    "forging/patched_comparisons",
    "cheating/map_softmax",
    "exiting/system_exit_raised",
    "forging/lying_subclass",
    "forging/fake_summary",
    "exiting/os_exit_in_call",
    "cheating/memorised_answers",
    "forging/equal_to_everything",
)
ATTACKED = "softmax"
ENDLESS = "harming/endless_matmul"


@dataclass(frozen=True)
class Student:
    """One submission, and what is known of it. `right` and `wrong`: functions; of broken submissions neither counts."""

    name: str
    kind: str
    source: str
    right: frozenset[str] = frozenset()
    wrong: frozenset[str] = frozenset()

    def hand_in(self, folder: Path) -> Path:
        """Write the submission as a folder in `folder`; its path."""
        path = folder / self.name
        path.mkdir(parents=True)
        (path / f"{UNIT}.py").write_text(self.source, encoding="utf-8")
        return path


def generated_class(size: int, seed: int) -> list[Student]:
    """`size` submissions. Of two classes with the same seed the smaller one is the beginning of the larger one."""
    make = Generator(seed)
    return [make.student(number) for number in range(size)]


def endless() -> Student:
    """A submission of which one function computes for hours."""
    return _hostile("endless", ENDLESS)


def unforeseen(unit: str, number: int) -> str:
    """A module of which every answer is wrong as in no catalogue: off by numbers that depend on `number`."""
    names = [exercise.name for exercise in COURSE.unit(unit).exercises]
    source = (ROOT / "solutions" / f"{unit}.py").read_text(encoding="utf-8")
    return f"{source}\n\n{_UNFORESEEN.format(names=names, factor=1.07 + number / 973, shift=0.013 + number / 1511)}"


_UNFORESEEN = """
def _spoiled(value):
    if isinstance(value, (list, tuple)):
        return type(value)(_spoiled(each) for each in value)
    if isinstance(value, dict):
        return {{key: _spoiled(each) for key, each in value.items()}}
    is_number = isinstance(value, float) or (isinstance(value, torch.Tensor) and value.is_floating_point())
    return value * {factor} + {shift} if is_number else value


def _spoiling(function):
    def wrong(*args, **kwargs):
        return _spoiled(function(*args, **kwargs))

    return wrong


for _name in {names}:
    globals()[_name] = _spoiling(globals()[_name])
"""


class Generator:
    """Makes one submission after the other."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self._answers = {kind: _answers(kind) for kind in ("right", "wrong")}
        self._seen = dict.fromkeys(KINDS, 0)

    def student(self, number: int) -> Student:
        kind = KINDS[number % len(KINDS)]
        turn, name = self._seen[kind], f"{kind}-{number:04}"
        self._seen[kind] += 1
        if kind == "hostile":
            return _hostile(name, HARMLESS[turn % len(HARMLESS)])
        if kind == "broken":
            return Student(name, kind, _BROKEN[turn % len(_BROKEN)]())
        mistaken = self._random.sample(FUNCTIONS, self._random.randint(1, 4)) if kind == "wrong" else []
        replaced = [function for function in FUNCTIONS if function in mistaken or self._random.random() < 0.5]
        module = _Module()
        for function in replaced:
            module.take(self._random, self._answers["wrong" if function in mistaken else "right"][function])
        return Student(name, kind, module.text, frozenset(FUNCTIONS) - set(mistaken), frozenset(mistaken))


class _Module:
    """The solution, and what replaces parts of it below."""

    def __init__(self) -> None:
        self.text = _solution()
        self._names = _names(self.text)

    def take(self, random: Random, answers: list[str]) -> None:
        """Replace a function by one of `answers`, whose helpers must not be called like those of others."""
        fitting = [answer for answer in answers if not (_names(answer) - set(FUNCTIONS)) & self._names]
        chosen = random.choice(fitting)
        self._names |= _names(chosen)
        self.text += f"\n\n{chosen}"


def _solution() -> str:
    return (ROOT / "solutions" / f"{UNIT}.py").read_text(encoding="utf-8")


def _hostile(name: str, attack: str) -> Student:
    text = f"{_solution()}\n\n{_code(ROOT / 'tests' / 'data' / 'attacks' / f'{attack}.py')}"
    return Student(name, "hostile", text, frozenset(FUNCTIONS) - {ATTACKED}, frozenset({ATTACKED}))


_BROKEN = (
    lambda: f"{_solution()}\n\ndef focal_loss(logits, labels, gamma=2.0:\n    return 0\n",
    lambda: f"import my_helpers_that_stayed_at_home\n\n{_solution()}",
    lambda: (ROOT / "starter" / f"{UNIT}.py").read_text(encoding="utf-8"),
)


def _answers(kind: str) -> dict[str, list[str]]:
    """The right or the wrong answers to each function; those that define another function of the unit stay out."""
    answers: dict[str, list[str]] = {}
    for function in FUNCTIONS:
        paths = sorted((ROOT / "tests" / "data" / f"{kind}_answers" / f"{UNIT}.{function}").glob("*.py"))
        texts = [_code(path) for path in paths]
        answers[function] = [text for text in texts if _names(text) & set(FUNCTIONS) == {function}]
    return answers


def _code(path: Path) -> str:
    """A file of tests/ without the comments at its top, which say what it is."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    first = next(number for number, line in enumerate(lines) if not line.startswith("# "))
    return "".join(lines[first:])


def _names(source: str) -> set[str]:
    """What a module defines; modules that it imports may be imported again."""
    names: set[str] = set()
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.ImportFrom):
            names |= {alias.asname or alias.name for alias in node.names if alias.name != "Tensor"}
        else:
            names |= {
                each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
            }
    return names
