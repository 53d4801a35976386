"""What a change of a program by which all comes right says of the place, or what is lost there, in words."""

from __future__ import annotations

import re
from typing import Any

from backpass.course.language import later, tr

_LONGEST = 400  # characters of a line that is quoted

# By the kind of the change (`backpass.worker.mutants`).
_CHANGES = {
    "boundary": later("The comparison that is marked in line {line} gives the wrong answer when both sides are equal."),
    "turned": later("The condition that is marked in line {line} is the wrong way round."),
    "joined": later("Line {line} joins two conditions with `and` where `or` belongs, or the other way round."),
    "precedence": later(
        "In line {line} Python computes `{text}` first. With parentheses in another place every answer would be right."
    ),
    "before": later("Line {line} runs again in every round of the loop. It should run once, before the loop."),
    "shared": later(
        "What is marked in line {line} writes into a tensor in place. The same tensor is also kept in another "
        "place, where it changes as well: compute a new tensor instead."
    ),
    "whole": later("`//` in line {line} rounds down. With `/` every answer would be right."),
    "flag": later("`{text}` in line {line} should be the other one of True and False."),
    "negated": later("What is marked in line {line} has the wrong sign."),
    "count": later("What is marked in line {line} counts from 0. It should count from 1."),
    "position": later(
        "What is marked in line {line} is a position in `{text}`. What is needed is the entry at that position."
    ),
    "paired": later(
        "What is marked in line {line} takes the columns of all `{text}` in every row. Only one column of each "
        "row is needed, so the rows need an index of their own."
    ),
    "nan": later(
        "A comparison with NaN is never true, so the condition that is marked in line {line} misses NaN. Ask for "
        "the opposite, and negate the answer with `not`."
    ),
    "condition": later("Without the condition that is marked in line {line} every answer would be right."),
    "block": later("Without the block that begins in line {line} the wrong answers would be right."),
    "choice": later(
        "In line {line} `if` and `else` choose between all of `{text}` and the rest. With parentheses in another "
        "place every answer would be right."
    ),
    "branch": later("If the condition that is marked in line {line} were always false, every answer would be right."),
    "one_off": "",
    "one_off_small": later("What is marked in line {line} is one too small."),
    "one_off_large": later("What is marked in line {line} is one too large."),
    "one_off_dimension": later("What is marked in line {line} is the wrong dimension."),
    "rounded": later("What is marked in line {line} is rounded down. It should be rounded up."),
    "in_place": later(
        "What is marked in line {line} overwrites numbers that autograd still needs. Compute a new tensor instead."
    ),
    "container": later("What is marked in line {line} uses `{text}` where another argument belongs."),
    "order": later("Line {line} and the statement that begins in line {text} are in the wrong order."),
    "inside": later("Line {line} stands after a block that it belongs in. Look at its indentation."),
    "outside": later("Line {line} stands in a block that it does not belong in. Look at its indentation."),
    "early": later("Line {line} returns in the first round of its loop. Look at its indentation."),
    "line": later("Without line {line} every answer would be right."),
    "exchanged": later("The two sides of what is marked in line {line} are exchanged."),
    "sign": later("What is marked in line {line} has the wrong operator between its two parts."),
    "kept": later(
        "Line {line} writes into `{text}`, which is kept from one call to the next. What earlier calls have left "
        "in it changes your answers, but a result may depend on its own call's arguments only."
    ),
    "always": later("If the condition that is marked in line {line} were always true, every answer would be right."),
    "never": later("If the condition that is marked in line {line} were always false, every answer would be right."),
    "zero": later("With 0 in place of what is marked in line {line} every answer would be right."),
    "function": later("Line {line} needs another function than `{text}`."),
}
# How infinity and NaN come about (`backpass.worker.losing`).
HOW = {
    "zero_by_zero": later(" because it divides 0 by 0"),
    "by_zero": later(" because it divides by 0"),
    "log_of_zero": later(" because it takes the logarithm of 0"),
    "log_of_negative": later(" because it takes the logarithm of a negative number"),
    "exp": later(" because exp overflows for large numbers"),
}
# What else of numbers is lost, with the id of the mistake.
LOST = {
    "digits": (
        "float32_inside",
        later(
            "For float64 inputs your result has only float32's precision, because what is marked in line {line} "
            "is float32. Compute everything in the dtype of the inputs."
        ),
    ),
    "fractions": (
        "fractions_cut_off",
        later(
            "What is marked in line {line} puts fractions into a tensor of integers, which cuts them off. That "
            "tensor needs a floating-point dtype from the start."
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
