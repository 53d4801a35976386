"""Reading a student's prose without understanding it: its sentences, its words, and the numbers that it says.

Word matching can not see whether a sentence is true, negated or to the point; whoever builds on it has to be careful
with what they conclude.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_SMALL = """zero one two three four five six seven eight nine ten
eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"""
_TENS = "_ _ twenty thirty forty fifty sixty seventy eighty ninety"
_WORDS = {word: value for value, word in enumerate(_SMALL.split())}
_WORDS |= {word: 10 * value for value, word in enumerate(_TENS.split()) if word != "_"}
_MULTIPLES = {"hundred": 100, "thousand": 1000, "k": 1000, "million": 10**6}
_NUMBER_WORD = "|".join(sorted((*_WORDS, "hundred", "thousand", "million"), key=len, reverse=True))

# One number: digits with separators (12,000, 12 000, 0.5, 1e-3), then perhaps k or thousand; or in words.
NUMBER = (
    r"(?<![\w.,^])(?:(?:\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)|\d+(?:[.,]\d+)*(?:e[-+]?\d+)?)"
    r"(?: ?(?:k|thousand|million)\b)?"
    rf"|(?:an? )?(?:{_NUMBER_WORD})(?:(?:[ -]|[ -]and[ -])(?:{_NUMBER_WORD})){{0,8}}\b)(?![.,]?\d)"
)
# Words that sentences are made of, and lists of terms are not.
_SMALL_WORDS = """
a about above after again all already also although always am an and any are as at be because been before being below
between both but by can cannot could did do does each either even every few for from get gets give gives had has have
he her here him his how however i if in into is it its itself just less let like make makes many may me might more
most much must my neither never no nor not nothing now of off on once one only or other our out over own rather same
say says see she should since so some still such than that the their them then there therefore these they this those
though through to too under until up upon us very was way we well were what when where whether which while who whose
why will with without would yet you your"""
_FUNCTION_WORDS = frozenset(_SMALL_WORDS.split())


@dataclass(frozen=True)
class Number:
    """One number of a text. `readings`: its values, as 12.800 may be twelve thousand or twelve."""

    readings: tuple[float, ...]
    start: int
    end: int


def plain(text: str) -> str:
    """`text` in lower case, with one kind of space, quotation mark, hyphen and per cent, and without emphasis."""
    text = text.lower().translate(str.maketrans("\u2019\u2018\u201c\u201d\u2011\u2013\u2212", "''\"\"---"))
    return " ".join(re.sub(r"\bper ?cent\b", "%", re.sub(r"[*`]|\b_|_\b", "", text)).split())


def paragraphs(text: str) -> list[str]:
    """What the author says, paragraph by paragraph: without headings, and without lines quoted with `>`."""
    kept = [line for line in text.splitlines() if not line.lstrip().startswith((">", "#"))]
    # A row of a table or an item of a list is a paragraph of its own.
    parts = re.split(r"\n[ \t]*\n|\n(?=[ \t]*(?:[-*+|]|\d+[.)])[ \t])", "\n".join(kept))
    return [" ".join(part.split()) for part in parts if part.strip()]


def sentences(paragraph: str) -> list[str]:
    """The sentences of a paragraph; a full stop inside a number ends none."""
    parts = re.split(r"(?<=[.!?])[\"')\]*\u201d]*\s+(?=[A-Z0-9\"'(\[*`\u201c])", paragraph)
    return [part.strip() for part in parts if part.strip()]


def numbers(text: str) -> list[Number]:
    """The numbers of a text that went through `plain`, in digits and in words."""
    return [Number(readings(found[0]), found.start(), found.end()) for found in re.finditer(NUMBER, text)]


def readings(written: str) -> tuple[float, ...]:
    """The values that `written`, one match of `NUMBER`, may stand for."""
    digits = re.match(r"[\d.,\s]*\d(?:e[-+]?\d+)?", written)
    if not digits:
        return (_in_words(written),)
    factor = _MULTIPLES.get(written[digits.end() :].strip(), 1)
    body = re.sub(r"\s", "", digits[0])
    values = []
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", body):
        values.append(body.replace(",", ""))
    elif re.fullmatch(r"\d{1,3}(\.\d{3})+", body):
        values += [body.replace(".", ""), *([body] if body.count(".") == 1 else [])]
    elif body.count(".") + body.count(",") <= 1:
        values.append(body.replace(",", "."))
    return tuple(float(value) * factor for value in values)


def words(text: str) -> list[str]:
    """The words of a text that went through `plain`; numbers are none."""
    return re.findall(r"[a-z][a-z']*", text)


def is_prose(sentence: str) -> bool:
    """Whether a sentence has the small words that hold one together; a list of terms has not."""
    said = words(plain(sentence))
    return sum(word.partition("'")[0] in _FUNCTION_WORDS for word in said) >= max(1, 0.2 * len(said))


def _in_words(written: str) -> float:
    total, part = 0, 0
    for word in re.findall(r"[a-z]+", written):
        if word == "hundred":
            part = max(part, 1) * 100
        elif word in _MULTIPLES:
            total, part = total + max(part, 1) * _MULTIPLES[word], 0
        else:
            part += _WORDS.get(word, 0)
    return float(total + part)
