"""The numbers of a brief, and sentences of a text that say other numbers of the same things.

A fact is a line of `lab.md`: the phrase with its number, other ways to say it, and other numbers that are rightly said
in the same phrase, where needed only together with a word in the same paragraph:

    - 800 early-stage pictures | 800 early-stage images; also 750, 80 (validation)

To accuse a student wrongly is worse than to miss a slip. So only what is stated counts: not a proposal, a comparison,
a part, a negation, a question or a quotation; not a rounding; and not a number of quite another size, which is about
another thing.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from backpass.labs.prose import NUMBER, numbers, paragraphs, plain, readings, sentences

# More than this many times larger or smaller than the brief's number: said of something else.
_SAME_KIND = 20
# With one of these before it, or behind it in its clause, a number does not state what the brief states.
_NOT_STATED = re.compile(
    r"\b(if|whether|unless|would|could|should|might|may|can|shall|will|let|suppose|imagine|assume|assuming|say|"
    r"more|another|other|others|extra|additional|further|new|fewer|less|than|between|up to|at (least|most)|"
    r"not|never|no|cannot|without|instead|each|every|per|a piece|apiece|"
    r"half|third|quarter|part|share|subset|sample|batch|batches|first|last|next|random|randomly|highest|lowest|most|"
    r"largest|smallest|worst|try|tries|test|take|use|using|start|begin|choose|pick|"
    r"keep|hold|put|reserve|set aside|recommend|propose|draw|run|look|check|train it|"
    r"learn|learns|memori[sz]e|by heart|overfit|synthetic|augmented|people|usually|typical|typically|wrong(ly)?|"
    r"mislabel+ed|i'd|i'll|we'd|we'll|he says|she says|remaining|rest|left|relabel+ed|out of|"
    r"among|as many|twice|are enough|suffices?|sufficient|held out)\b|n't\b"
)
# What stands before a number that is stated of the data at hand; also nothing, at the start of a sentence.
_STATEMENTS = """the these those this your our his her their its all have has had are is were was with of and contains
includes seen saw come comes from only just"""
_STATES = frozenset(_STATEMENTS.split())
_NEARLY = r"(?:\b(?:about|roughly|nearly|almost|around|some|approximately|exactly|over)|[^\w,])+$"
_CLAUSE_ENDS = re.compile(r"[;:()\u2014]|,(?!\d)|(?<= )-(?= )")


class FactError(ValueError):
    """A line is not a fact; the message says why."""


@dataclass(frozen=True)
class Fact:
    """`text` of the brief with its `value`. `also`: other values, each with the word it needs beside it ("": none)."""

    text: str
    value: float
    pattern: re.Pattern[str] = field(repr=False)
    also: tuple[tuple[float, str], ...] = ()

    def allows(self, value: float, paragraph: str) -> bool:
        """Whether `value` may be said in this fact's phrase: the brief's number, a rounding of it, or one of `also`."""
        if not 1 / _SAME_KIND <= value / self.value <= _SAME_KIND:
            return True
        needed = {word for number, word in self.also if is_rounding(value, number)}
        return is_rounding(value, self.value) or any(word in paragraph for word in needed)


@dataclass(frozen=True)
class Contradiction:
    """A student's sentence that says another number than the brief."""

    sentence: str
    fact: str


def parse_facts(text: str) -> tuple[Fact, ...]:
    """The facts of a section `## Facts`, one a line that starts with `- `; FactError shows a line that is none."""
    return tuple(_fact(line[2:]) for line in text.splitlines() if line.startswith("- "))


def contradictions(text: str, facts: Iterable[Fact]) -> list[Contradiction]:
    """The sentences of `text` that state another number than the brief, in their order, each once.

    A number counts for the first of the `facts` whose phrase it stands in: special ones come before general ones.
    """
    found: dict[str, Contradiction] = {}
    for paragraph in paragraphs(text):
        for sentence in sentences(paragraph):
            taken: set[int] = set()
            # What stands between quotation marks is said by somebody else.
            said = re.sub(r'"[^"]*"', lambda quoted: " " * len(quoted[0]), plain(sentence))
            for fact in facts:
                for match in fact.pattern.finditer(said):
                    at, written = next(
                        (match.start(name), text) for name, text in match.groupdict().items() if text and name[0] == "n"
                    )
                    if at in taken:
                        continue
                    taken.add(at)
                    values = readings(written)
                    if any(fact.allows(value, plain(paragraph)) for value in values) or not values:
                        continue
                    if at == match.start() and not _is_introduced(said[:at]):
                        continue
                    if not said.endswith("?") and not _NOT_STATED.search(_around(said, match)):
                        found.setdefault(sentence, Contradiction(sentence, fact.text))
    return list(found.values())


def is_rounding(value: float, exact: float) -> bool:
    """Whether `value` is `exact`, rounded or cut off to as many digits as `value` has."""
    if value == exact:
        return True
    if value == 0 or exact == 0:
        return False
    step = 10.0 ** (math.floor(math.log10(abs(value))) + 1 - _significant_digits(value))
    return any(math.isclose(value, rounded * step) for rounded in (round(exact / step), math.floor(exact / step)))


def _significant_digits(value: float) -> int:
    return len(f"{value:.12g}".partition("e")[0].replace(".", "").strip("-0")) or 1


def _is_introduced(before: str) -> bool:
    """Whether the words before a number fit a statement about the data at hand: "it has seen the 5,000 pictures"."""
    before = re.sub(_NEARLY, "", before)
    return not before or re.split(r"[^\w]", before)[-1] in _STATES


def _around(said: str, match: re.Match[str]) -> str:
    """A sentence up to the end of the clause in which a match is, without the fact's own words."""
    between = " ".join(text for name, text in match.groupdict().items() if text and name[0] == "g")
    after = _CLAUSE_ENDS.search(said, match.end())
    return said[: match.start()] + " # " + between + " # " + said[match.end() : after.start() if after else len(said)]


def _fact(line: str) -> Fact:
    phrases, _, rest = line.partition("; also ")
    alternatives = [plain(phrase) for phrase in phrases.split(" | ")]
    value: float | None = None
    patterns = []
    for number, phrase in enumerate(alternatives):
        found = numbers(phrase)
        if len(found) != 1 or len(found[0].readings) != 1 or value not in (None, found[0].readings[0]):
            raise FactError(f"{line!r}: each phrase needs the same number, once; see {phrase!r}")
        value = found[0].readings[0]
        before, after = re.escape(phrase[: found[0].start]), re.escape(phrase[found[0].end :])
        # One more word may stand behind the number: 800 labelled early-stage pictures.
        gap = rf"(?:(?P<g{number}> (?!of\b|and\b|or\b|in\b|to\b)[a-z-]+)?(?=[ %-]))?" if after.startswith("\\ ") else ""
        after = after.replace("\\ %", " ?%").replace("\\ ", "[ -]")
        patterns.append(rf"(?<!\w){before}(?P<n{number}>{NUMBER}){gap}{after}(?!\w)")
    also = []
    for each in rest.split(", ") if rest else ():
        known = re.fullmatch(r"(\S+)(?: \((.+)\))?", each.strip())
        values = readings(known[1]) if known and re.fullmatch(NUMBER, known[1]) else ()
        if known is None or len(values) != 1:
            raise FactError(f"{line!r}: {each!r} is not a number, or a number and (a word)")
        also.append((values[0], known[2] or ""))
    assert value is not None
    return Fact(phrases.split(" | ")[0].strip(), value, re.compile("|".join(patterns)), tuple(also))
