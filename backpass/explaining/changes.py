"""What a change of a program by which all comes right says of the place, or what is lost there, in words."""

from __future__ import annotations

import re
from typing import Any

from backpass.course.language import later, tr

_LONGEST = 400  # characters of a line that is quoted

# By the kind of the change (`backpass.worker.mutants`).
_CHANGES = {
    "boundary": later("What is marked in line {line} decides wrongly when both sides are equal."),
    "turned": later("What is marked in line {line} decides the wrong way round."),
    "joined": later("What is marked in line {line} joins two conditions with the wrong word."),
    "precedence": later(
        "In line {line} Python computes `{text}` first, and all comes right with the brackets elsewhere."
    ),
    "before": later("Line {line} is run again in every round, and all comes right where it is run before the loop."),
    "shared": later(
        "What is marked in line {line} writes into a tensor that is also kept elsewhere, and changes it there as well: "
        "compute a new tensor instead."
    ),
    "whole": later("What is marked in line {line} is rounded down by `//`, and all comes right with `/`."),
    "flag": later("`{text}` in line {line} is the wrong one of True and False."),
    "negated": later("What is marked in line {line} has the wrong sign."),
    "count": later("What is marked in line {line} counts from 0, and all comes right where it counts from 1."),
    "position": later("What is marked in line {line} is a position in `{text}`; what is needed is what stands there."),
    "paired": later(
        "What is marked in line {line} takes, in every row, the columns of all `{text}`. Of each row only its own is "
        "meant: the rows have to be numbered beside them."
    ),
    "nan": later(
        "What is marked in line {line} does not hold for NaN, as no comparison does. All comes right where the "
        "opposite is asked, and answered with `not`."
    ),
    "condition": later("All comes right without the condition that is marked in line {line}."),
    "block": later("What is wrong comes right without the block that begins in line {line}."),
    "choice": later(
        "In line {line} `if` and `else` choose between all of `{text}` and the rest; all comes right with the brackets "
        "elsewhere."
    ),
    "branch": later("All comes right where the condition that is marked in line {line} never holds."),
    "one_off": "",
    "one_off_small": later("What is marked in line {line} is one too small."),
    "one_off_large": later("What is marked in line {line} is one too large."),
    "one_off_dimension": later("What is marked in line {line} is the wrong dimension."),
    "rounded": later("What is marked in line {line} is rounded down, and all comes right where it is rounded up."),
    "in_place": later(
        "What is marked in line {line} writes into a tensor whose old numbers autograd still needs: compute a new "
        "tensor there."
    ),
    "container": later(
        "What is marked in line {line} looks into `{text}`, and another argument is the one to look into."
    ),
    "order": later("Line {line} and what begins in line {text} are in the wrong order."),
    "inside": later("Line {line} comes after the block before it, and belongs into it: look at the indentation."),
    "outside": later("Line {line} is in a block that it does not belong into: look at the indentation."),
    "early": later("Line {line} returns in the first round of its loop: look at the indentation."),
    "line": later("All comes right without line {line}."),
    "exchanged": later("The two sides of what is marked in line {line} have changed places."),
    "sign": later("What is marked in line {line} has the wrong operator between its two parts."),
    "kept": later(
        "`{text}`, which line {line} writes into, is kept from one call to the next, and what it holds from earlier "
        "calls changes your answers: each call has to come right by itself."
    ),
    "always": later("All comes right where the condition that is marked in line {line} always holds."),
    "never": later("All comes right where the condition that is marked in line {line} never holds."),
    "zero": later("All comes right with 0 in the place of what is marked in line {line}."),
    "function": later("In line {line} another function than `{text}` is needed."),
}
# How infinity and NaN come about (`backpass.worker.losing`).
HOW = {
    "zero_by_zero": later(", as it divides 0 by 0"),
    "by_zero": later(", as it divides by 0"),
    "log_of_zero": later(", as it takes the logarithm of 0"),
    "log_of_negative": later(", as it takes the logarithm of a negative number"),
    "exp": later(", as exp overflows for large numbers"),
}
# What else of numbers is lost, with the id of the mistake.
LOST = {
    "digits": (
        "float32_inside",
        later(
            "float64 inputs come out with float32's precision, and what is marked in line {line} is float32: all of it "
            "is to be computed in the inputs' dtype."
        ),
    ),
    "fractions": (
        "fractions_cut_off",
        later(
            "Fractions are put into a tensor of whole numbers where line {line} is marked, and are cut off. It has to "
            "have a floating dtype from the start."
        ),
    ),
}


def of_change(changed: Any, before: str = "") -> str:
    """What a change that makes all right says of the place; the texts are a stranger's process's, and short.

    `before`: what stands in the line before the place. Of dimensions none is larger than another.
    """
    kind, text = changed.get("kind"), changed.get("text", "")
    if kind not in _CHANGES or not isinstance(text, str):
        return ""
    if kind == "one_off":
        text = "dimension" if re.search(r"\b(dim|axis)=$|\.shape\[$|\.size\($", before) else text
        kind = f"one_off_{text}" if text in ("small", "large", "dimension") else ""
    text = printable(text)[:60].replace("{", "").replace("}", "")
    return tr(_CHANGES[kind]).replace("{text}", text) if kind else ""


def printable(line: str) -> str:
    """A stranger's line without control characters, each in its column."""
    return "".join(letter if letter.isprintable() else " " for letter in line[:_LONGEST])
