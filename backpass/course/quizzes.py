"""Quizzes: the questions that everyone reads, the key that stays with the instructor, and what an answer is worth.

Questions are in `exercises/<unit>/quiz.toml`, keys in `solutions/quizzes/<unit>.toml`; the module test is the quiz
`final`. The terminal and the notebooks are both made from these files. `load_quiz` draws a test from them (`banks`).
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from backpass.course import banks
from backpass.course.language import Texts
from backpass.course.manifest import Course, CourseError

FINAL = "final"
KINDS = ("one", "several", "number")
TO_PASS = 0.8  # of the module test

Answer = str | frozenset[str] | float | None


@dataclass(frozen=True)
class Question:
    """One question. `choices`: their texts by letter, none where a number is asked for; `unit`: where to read again.

    `written`: for each letter the one that the choice has in the file; `values`: what its numbers are.
    """

    id: str
    kind: str
    text: str
    choices: dict[str, str]
    unit: str
    written: dict[str, str] = field(default_factory=dict)
    values: banks.Values = field(default_factory=dict)


@dataclass(frozen=True)
class Quiz:
    """The public part of a quiz."""

    name: str
    title: str
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Key:
    """The right answer to one question: a letter, a set of letters or a number, and what to tell of each answer.

    `why` has a text for each letter, or for "right" and "wrong" numbers; `slips` has numbers that learners come to.
    """

    right: str | frozenset[str] | float
    why: dict[str, str]
    tolerance: float = 0.0
    slips: tuple[tuple[float, str], ...] = ()


@dataclass(frozen=True)
class Marked:
    """What an answer is worth, from 0 to 1, and what to tell of it."""

    share: float
    explanations: tuple[str, ...]

    @property
    def is_right(self) -> bool:
        return self.share == 1


def quiz_names(course: Course) -> list[str]:
    """The quizzes that there are, in the order of the course, the module test last; those of its assignment only."""
    asked = course.assignment.quizzes if course.assignment else (*course.unit_names, FINAL)
    return [name for name in asked if _questions_file(course, name).is_file()]


def all_done(course: Course) -> str:
    """What there is to say when every exercise is done."""
    module_test = " The module test: backpass quiz final" if FINAL in quiz_names(course) else ""
    return f"Everything is done.{module_test}"


def load_quiz(course: Course, name: str, seed: str = "", attempt: int = 0) -> Quiz:
    """The quiz of a unit, or the module test; CourseError where a file is missing or not valid.

    `seed`: whose it is, such as a name; then questions, numbers and the order of choices are theirs, and of this
    attempt. Without one they are as written.
    """
    path = _questions_file(course, name)
    title, slots = _slots(course, name)
    questions = []
    for id, records in slots.items():
        record = records[banks.chosen(len(records), seed, attempt, name, id)]
        vary = record.get("vary", [{}])
        values = vary[banks.chosen(len(vary), seed, attempt, name, id, "values")]
        order = banks.shuffled(list(record.get("choices", ())), seed, attempt, name, id, "choices")
        questions.append(_question(path, record, name, values, order))
    return Quiz(name, title, tuple(questions))


def whole_bank(course: Course, name: str) -> Quiz:
    """All questions that a quiz draws from, their texts with the names of what varies."""
    title, slots = _slots(course, name)
    path = _questions_file(course, name)
    return Quiz(name, title, tuple(_question(path, record, name) for slot in slots.values() for record in slot))


def _slots(course: Course, name: str) -> tuple[str, dict[str, list[dict[str, Any]]]]:
    """The title, and for each question of the test the records to choose from."""
    path = _questions_file(course, name)
    data = _read(path)
    records = _get(path, data, "questions", list)
    ids = [_get(path, record, "id", str) for record in records]
    if len(set(ids)) < len(ids):
        raise CourseError(f"{path}: two questions have the same id: {', '.join(ids)}.")
    slots: dict[str, list[dict[str, Any]]] = {id: [] for id, each in zip(ids, records, strict=True) if _own(each)}
    for record in records:
        place = record.get("instead_of", record["id"])
        if place not in slots:
            raise CourseError(f"{path}: {record['id']} is instead_of {place!r}, which is no question of its own.")
        slots[place].append(record)
    return Texts(path.parent)("quiz", _get(path, data, "title", str)), slots


def _own(record: dict[str, Any]) -> bool:
    return "instead_of" not in record


def load_key(course: Course, quiz: Quiz) -> dict[str, Key]:
    """The right answers by question; CourseError where they do not fit the questions."""
    path = course.root / "solutions" / "quizzes" / f"{quiz.name}.toml"
    data = _read(path)
    ids = [question.id for question in whole_bank(course, quiz.name).questions]
    if list(data) != ids:
        raise CourseError(f"{path} has the questions {', '.join(data)}; the quiz has {', '.join(ids)}, in this order.")
    return {question.id: _key(path, question, data[question.id]) for question in quiz.questions}


def key_texts(course: Course, name: str) -> Iterator[tuple[str, str]]:
    """What the key of a quiz tells, by id, with the names of what varies."""
    path = course.root / "solutions" / "quizzes" / f"{name}.toml"
    for id, record in _read(path).items():
        for answer, text in record["why"].items():
            yield f"{name}.{id}.{answer}", text
        for slip in record.get("slips", ()):
            yield f"{name}.{id}.{slip['value']}", slip["why"]


def has_key(course: Course, name: str) -> bool:
    """Whether this edition of the course has the right answers of a quiz."""
    return (course.root / "solutions" / "quizzes" / f"{name}.toml").is_file()


def mark(question: Question, key: Key, answer: Answer) -> Marked:
    """What `answer` is worth. None and answers of another kind are worth nothing, and the explanation says so.

    Of a question with several right choices, each choice that is rightly taken or left counts, and below half of
    them nothing does.
    """
    if answer is None:
        return Marked(0.0, ("There is no answer.",))
    if question.kind == "number":
        return _mark_number(key, answer)
    chosen = answer if isinstance(answer, frozenset) else frozenset({answer}) if isinstance(answer, str) else None
    if chosen is None or not chosen <= question.choices.keys() or (question.kind == "one" and len(chosen) != 1):
        return Marked(0.0, (f"This is not an answer to the question: {_shown(answer)}. {expected_form(question)}",))
    if question.kind == "one":
        letter = next(iter(chosen))
        return Marked(float(letter == key.right), (key.why[letter],))
    assert isinstance(key.right, frozenset)
    agreed = sum((letter in chosen) == (letter in key.right) for letter in question.choices)
    share = max(0.0, 2 * agreed / len(question.choices) - 1)
    wrong = [letter for letter in question.choices if (letter in chosen) != (letter in key.right)]
    told = wrong or sorted(key.right)
    return Marked(share, tuple(f"({letter}) {key.why[letter]}" for letter in told))


def expected_form(question: Question) -> str:
    """How the question is to be answered, in a sentence."""
    letters = ", ".join(question.choices)
    if question.kind == "number":
        return "A number is asked for."
    return (
        f"One of {letters} is asked for." if question.kind == "one" else f"A set of letters of {letters} is asked for."
    )


def _mark_number(key: Key, answer: Answer) -> Marked:
    if not isinstance(answer, int | float) or isinstance(answer, bool) or not math.isfinite(answer):
        return Marked(0.0, (f"This is not a number: {_shown(answer)}.",))
    assert isinstance(key.right, float)
    if abs(answer - key.right) <= key.tolerance:
        return Marked(1.0, (key.why["right"],))
    for value, why in key.slips:
        if abs(answer - value) <= max(key.tolerance, 1e-9):
            return Marked(0.0, (why,))
    return Marked(0.0, (key.why["wrong"],))


def _shown(answer: Answer) -> str:
    return repr(sorted(answer) if isinstance(answer, frozenset) else answer)[:60]


def _questions_file(course: Course, name: str) -> Path:
    if name != FINAL:
        course.unit(name)
    return course.root / "exercises" / name / "quiz.toml"


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CourseError(f"{path} is not here.") from None
    except tomllib.TOMLDecodeError as error:
        raise CourseError(f"{path} is not valid TOML: {error}") from None


def _get(path: Path, record: dict[str, Any], name: str, kind: type) -> Any:
    value = record.get(name)
    if not isinstance(value, kind):
        raise CourseError(f"{path}: {name} = {value!r}; a {kind.__name__} is needed in {record.get('id', 'the file')}.")
    return value


def _question(
    path: Path, record: dict[str, Any], unit: str, values: banks.Values | None = None, order: list[str] | None = None
) -> Question:
    kind = _get(path, record, "kind", str)
    choices = record.get("choices", {})
    if kind not in KINDS or bool(choices) == (kind == "number"):
        raise CourseError(f"{path}: {record.get('id')} is of the kind {kind!r}, with {len(choices)} choices.")
    texts, id, values = Texts(path.parent), _get(path, record, "id", str), values or {}
    text = texts(f"quiz.{id}", _get(path, record, "text", str).strip())
    written = dict(zip(choices, order or choices, strict=True))
    choices = {shown: texts(f"quiz.{id}.{letter}", choices[letter]) for shown, letter in written.items()}
    try:
        text = banks.filled(text, values)
        choices = {letter: banks.filled(choice, values) for letter, choice in choices.items()}
    except ValueError as error:
        raise CourseError(f"{path}: {id}: {error}") from None
    return Question(id, kind, text, choices, record.get("unit", unit), written, values)


def _key(path: Path, question: Question, record: dict[str, Any]) -> Key:
    right, why = record.get("right"), _get(path, record, "why", dict)
    needed: Iterable[str] = ("right", "wrong") if question.kind == "number" else sorted(question.choices)
    if sorted(why) != sorted(needed):
        raise CourseError(f"{path}: {question.id} explains {', '.join(why)}; {', '.join(needed)} are needed.")
    texts = Texts(path.parent)

    def told(answer: Any, text: str) -> str:
        return banks.filled(texts(f"{path.stem}.{question.id}.{answer}", text), question.values)

    try:
        if question.kind == "number" and isinstance(right, int | float | str):
            slips = tuple(
                (float(banks.computed(slip["value"], question.values)), told(slip["value"], slip["why"]))
                for slip in record.get("slips", ())
            )
            found = float(banks.computed(right, question.values))
            whys = {answer: told(answer, text) for answer, text in why.items()}
            return Key(found, whys, float(record.get("tolerance", 0)), slips)
        why = {shown: told(letter, why[letter]) for shown, letter in question.written.items()}
    except ValueError as error:
        raise CourseError(f"{path}: {question.id}: {error}") from None
    shown = {letter: shown for shown, letter in question.written.items()}
    if question.kind == "several" and isinstance(right, list) and set(right) <= shown.keys():
        return Key(frozenset(shown[letter] for letter in right), why)
    if question.kind == "one" and right in shown:
        return Key(shown[right], why)
    raise CourseError(f"{path}: {question.id} has the right answer {right!r}, which is no answer to it.")
