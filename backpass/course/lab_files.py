"""Where the parts of a unit's lab lie."""

from __future__ import annotations

import re
from pathlib import Path

from backpass.course.manifest import Course


def lab_names(course: Course) -> list[str]:
    """The units that have a lab, in the order of the course."""
    asked = course.assignment.labs if course.assignment else course.unit_names
    return [unit for unit in asked if text_file(course, unit).is_file()]


def scripts(course: Course, unit: str) -> list[Path]:
    """What the text of a lab has students run, beside it: `python exercises/<unit>/name.py`."""
    text = text_file(course, unit).read_text(encoding="utf-8")
    named = re.findall(rf"python exercises/{unit}/(\w+\.py)", text)
    return [text_file(course, unit).with_name(name) for name in dict.fromkeys(named)]


def rubric_file(course: Course, unit: str) -> Path:
    """Where the rubric of a lab is, or would be."""
    return course.root / "graders" / unit / "rubric.toml"


def model_answer_file(course: Course, unit: str) -> Path:
    """Where the model answer of a lab is, or would be."""
    return course.root / "solutions" / "labs" / f"{unit}.md"


def text_file(course: Course, unit: str) -> Path:
    """Where the text of a lab is, or would be."""
    return course.root / "exercises" / unit / "lab.md"
