"""Labs: the text that everyone reads, and the rubric that stays with the instructor.

The text is in `exercises/<unit>/lab.md`, the rubric in `graders/<unit>/rubric.toml`, a model answer in
`solutions/labs/<unit>.md`.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from backpass.course.lab_files import lab_names, rubric_file, text_file
from backpass.course.manifest import Course, CourseError
from backpass.labs.facts import Fact, FactError, parse_facts

SECTIONS = ("Brief", "Task", "Computation", "Facts", "Challenges")
_MENTIONS = "mentions:"


@dataclass(frozen=True)
class Challenge:
    """What the peer says against the position. `mentions`: what an answer names that has dealt with it.

    Each of the `mentions` is a tuple of alternatives.
    """

    point: str
    text: str
    mentions: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Lab:
    """The public part of a lab, in Markdown. `setting`: the sentence that introduces the peer.

    The `facts` are the brief's numbers, special ones before general ones; the `challenges`, the most important first.
    """

    unit: str
    title: str
    brief: str
    task: str
    computation: str
    facts: tuple[Fact, ...]
    setting: str
    challenges: tuple[Challenge, ...]

    @property
    def peer(self) -> str:
        """The peer's name."""
        return self.setting.partition(" ")[0]


@dataclass(frozen=True)
class Criterion:
    """One row of a rubric: what earns all of its points, half of them, and none."""

    name: str
    points: float
    full: str
    half: str
    none: str


def load_lab(course: Course, unit: str) -> Lab:
    """The lab of a unit; CourseError where there is none, or its file is not of the form that this module reads."""
    course.unit(unit)
    path = text_file(course, unit)
    if not path.is_file():
        others = ", ".join(lab_names(course))
        raise CourseError(f"{unit} has no lab. {f'There is one in {others}.' if others else 'No unit here has one.'}")
    head, *parts = re.split(r"^## +", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    sections = {name.strip(): text.strip() for name, _, text in (part.partition("\n") for part in parts)}
    if tuple(sections) != SECTIONS or not head.startswith("# "):
        raise CourseError(
            f"{path} has the sections {', '.join(sections)}; a title and {', '.join(SECTIONS)} are needed."
        )
    try:
        facts = parse_facts(sections["Facts"])
    except FactError as error:
        raise CourseError(f"{path}: not a fact: {error}.") from None
    setting, *challenges = re.split(r"^### +", sections["Challenges"], flags=re.MULTILINE)
    return Lab(
        unit,
        head.removeprefix("# ").strip(),
        sections["Brief"],
        sections["Task"],
        sections["Computation"],
        facts,
        setting.strip(),
        tuple(_challenge(path, text) for text in challenges),
    )


def load_rubric(course: Course, unit: str) -> tuple[Criterion, ...]:
    """The criteria of a lab; CourseError where the file is missing, or its points do not add up."""
    path = rubric_file(course, unit)
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        criteria = tuple(Criterion(**record) for record in data["criteria"])
    except FileNotFoundError:
        raise CourseError(f"{path} is not here.") from None
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise CourseError(f"{path} is not a valid rubric: {error}") from None
    if sum(criterion.points for criterion in criteria) != data.get("points"):
        raise CourseError(f"{path}: the criteria's points do not add up to points = {data.get('points')!r}.")
    return criteria


def _challenge(path: Path, text: str) -> Challenge:
    point, _, rest = text.partition("\n")
    said = [line.removeprefix(">").strip() for line in rest.splitlines() if line.startswith(">")]
    mentions = next((line for line in rest.splitlines() if line.startswith(_MENTIONS)), "")
    named = tuple(
        tuple(word.strip() for word in each.split("|")) for each in mentions.removeprefix(_MENTIONS).split(", ")
    )
    if not said or not all(all(each) for each in named):
        raise CourseError(f"{path}: the challenge {point!r} needs a quoted text and a line {_MENTIONS} a, b|c")
    return Challenge(point.strip(), " ".join(said), named)
