"""Values and cases as a student reads them: numbers first, then shape and dtype."""

from __future__ import annotations

import itertools
from typing import Any

import torch

from backpass.course.language import tr
from backpass.explaining.differing import carets, differing, is_partial, places
from backpass.judging.cases import Case, map_tensors, tensors
from backpass.worker.calls import NO_GRADIENT, Answer, Raised
from backpass.worker.wire import Seed, Unsupported

MAX_NUMBERS = 48
_DIGITS = 5
_LINE = 62  # columns that a terminal of 80 has for an output's name and value
_SCREEN = 24  # numbers of a list that are displayed as a whole
_KEY, _ENTRIES = 40, 16  # characters and number of a dict's keys: they are whatever a submission likes to say


def value(item: Any, digits: int = _DIGITS) -> str:
    """`item` in one line; a large tensor by its shape only."""
    if isinstance(item, torch.Tensor):
        form = f"{_shape(item)} {str(item.dtype).removeprefix('torch.')}"
        return (
            f"{_numbers(item.tolist(), digits)}   {form}"
            if item.numel() <= MAX_NUMBERS
            else tr("a tensor {form}", form=form)
        )
    if isinstance(item, list | tuple):
        opening, closing = ("[", "]") if isinstance(item, list) else ("(", ")")
        return opening + ", ".join(value(part, digits) for part in item) + closing
    if isinstance(item, dict):
        shown = [f"{str(key)[:_KEY]}: {value(part, digits)}" for key, part in itertools.islice(item.items(), _ENTRIES)]
        return "{" + ", ".join(shown + ["..."] * (len(item) > _ENTRIES)) + "}"
    if isinstance(item, set):
        shown = [repr(each)[: _KEY + 2] for each in sorted(item)[:_ENTRIES]]
        return "{" + ", ".join(shown + ["..."] * (len(item) > _ENTRIES)) + "}" if item else "set()"
    if isinstance(item, Seed):
        return f"torch.Generator().manual_seed({item.seed})"
    if isinstance(item, str) and item == NO_GRADIENT:
        return tr("no gradient")
    if callable(item):
        return str(item.__doc__ or getattr(item, "__name__", tr("a function")))
    if isinstance(item, Unsupported):
        return tr("a {type}", type=item.type_name)
    return (
        _number(item, digits) if isinstance(item, float) else str(item) if isinstance(item, int) else repr(item)[:200]
    )


def inputs(case: Case) -> list[str]:
    """One line for each input."""
    lines = [f"{name} = {value(item)}" for name, item in case.inputs.items()]
    if case.cotangent is not None:
        lines.append(tr("gradient of the output = {value}", value=value(case.cotangent)))
    return lines


def answer(got: Answer, returns: tuple[str, ...]) -> list[str]:
    """What a call came to: one line for each output, or the exception."""
    if got.raised is not None:
        return [tr("raises {exception}", exception=exception(got.raised))]
    return _outputs(got.value, returns)


def expected(case: Case, returns: tuple[str, ...]) -> list[str]:
    """What was expected of `case`, like `answer`."""
    if isinstance(case.expected, Raised):
        return [tr("raises {exception}", exception=case.expected.kind)]
    return _outputs(case.template, returns)


def both(got: Any, case: Case, returns: tuple[str, ...]) -> tuple[list[str], list[str], list[str]]:
    """An answer, what marks its wrong entries, and the expected one, output by output."""
    wanted = case.template if case.statistics is None else case.expected
    if case.cotangent is not None:
        wanted = map_tensors(case.expected, lambda slope: slope.to(case.dtype))  # a gradient has its input's dtype
        if isinstance(got, dict) and got and all(isinstance(each, str) for each in got.values()):
            got, wanted = ({name: each[name] for name in [*got][:1]} for each in (got, wanted))  # none arrives anywhere
    got, wanted = _with_plain_zeros(got), _with_plain_zeros(wanted)
    pairs = _pairs(got, wanted, returns)
    if pairs is None:
        return _outputs(got, returns), [], _outputs(wanted, returns)
    if _count(wanted) > _SCREEN:  # nobody looks through results that are right
        pairs = [each for each in pairs if not _alike_in_all(*each[1:])] or pairs
    mine, marks, right = [], [], []
    only_rounded = all(_rounded_alike(one, other) for _, one, other in pairs)
    for label, one, other in pairs:
        left, mark, expected = contrast(one, other, len(label), exactly=only_rounded)
        mine.append(label + left)
        marks.append(mark)
        right.append(label + expected)
    return mine, marks, right


def contrast(mine: Any, right: Any, indent: int = 0, *, exactly: bool = False) -> tuple[str, str, str]:
    """Two values with the digits that tell them apart, and between them what marks the entries that differ.

    Of large tensors it is the first row that differs. `indent`: the length of what stands before a value. `exactly`:
    also where they differ by roundings of float32 only.
    """
    where = ""
    mine, right = _with_plain_zeros(mine), _with_plain_zeros(right)
    if isinstance(mine, dict) and isinstance(right, dict) and mine.keys() == right.keys():
        names = [name for name in right if not _alike(mine[name], right[name])]
        if names and len(names) < len(right):
            mine, right = ({name: each[name] for name in names} for each in (mine, right))
        if len(names) == 1:
            mine, right, where = mine[names[0]], right[names[0]], f"[{names[0]!r}]"
    if isinstance(mine, list) and isinstance(right, list) and 1 < len(mine) == len(right) and _count(right) > _SCREEN:
        entry = next((entry for entry in range(len(mine)) if not _alike(mine[entry], right[entry])), None)
        if entry is not None:
            mine, right, where = mine[entry], right[entry], f"[{entry}]"
    while (
        isinstance(mine, torch.Tensor)
        and isinstance(right, torch.Tensor)
        and mine.shape == right.shape
        and mine.dim() > 0
        and mine.numel() > MAX_NUMBERS
    ):
        row = next((row for row in range(len(mine)) if not _alike(mine[row], right[row])), 0)
        mine, right, where = mine[row], right[row], f"{where}[{row}]"
    where = tr("at {place}:", place=where) + " " if where else ""
    if not exactly and _rounded_alike(mine, right):
        return where + value(mine), "", where + value(right)
    for digits in (_DIGITS, 7, 9, 12, 16):
        texts = value(mine, digits), value(right, digits)
        if texts[0] != texts[1]:
            break
    return where + texts[0], _marked(indent + len(where), mine, right, texts[0]), where + texts[1]


def _with_plain_zeros(value: Any) -> Any:
    """An answer without the sign of its zeros, which says nothing."""
    if isinstance(value, list | tuple):
        return type(value)(map(_with_plain_zeros, value))
    if isinstance(value, dict):
        return {key: _with_plain_zeros(item) for key, item in value.items()}
    is_number = isinstance(value, float) or (isinstance(value, torch.Tensor) and value.is_floating_point())
    return value + 0.0 if is_number else value


def _marked(indent: int, mine: Any, right: Any, text: str) -> str:
    """Carets below the entries that differ, where not all do; of a text that a terminal would wrap, where they are."""
    which = differing(mine, right)
    if not is_partial(which):
        return ""
    has_room = indent + len(text) <= _LINE
    is_plain = isinstance(mine, torch.Tensor) or not any(True for _ in tensors(mine))  # shapes stand in between else
    return " " * indent + carets(which, text) if has_room and is_plain else places(which)


def _count(values: Any) -> int:
    return sum(tensor.numel() for tensor in tensors(values))


def _alike(a: Any, b: Any) -> bool:
    if not isinstance(a, torch.Tensor) or not isinstance(b, torch.Tensor) or a.shape != b.shape:
        return type(a) is type(b) and not isinstance(a, torch.Tensor) and bool(a == b)
    return torch.allclose(a.double(), b.double(), rtol=1e-4, atol=1e-7, equal_nan=True)


def _alike_in_all(a: Any, b: Any) -> bool:
    if isinstance(a, list | tuple) and isinstance(b, list | tuple):
        return len(a) == len(b) and all(map(_alike_in_all, a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(_alike_in_all(a[name], b[name]) for name in b)
    return _alike(a, b)


def _rounded_alike(a: Any, b: Any) -> bool:
    """Whether two tensors are the same but for the roundings of float32, which nobody is to look at."""
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(_rounded_alike(one, other) for one, other in zip(a, b, strict=True))
    if not isinstance(a, torch.Tensor) or not isinstance(b, torch.Tensor) or a.shape != b.shape:
        return False
    return torch.allclose(a.double(), b.double(), rtol=1e-6, atol=0, equal_nan=True)


def _pairs(got: Any, wanted: Any, returns: tuple[str, ...]) -> list[tuple[str, Any, Any]] | None:
    """(label, answered, expected) of each output, None where the answer has another form."""
    if isinstance(wanted, dict):
        if not isinstance(got, dict) or got.keys() != wanted.keys():
            return None
        return [(f"{name} = ", got[name], wanted[name]) for name in wanted]
    if len(returns) > 1 and isinstance(wanted, list | tuple):
        if not isinstance(got, list | tuple) or not len(got) == len(wanted) == len(returns):
            return None
        return [(f"{name} = ", one, other) for name, one, other in zip(returns, got, wanted, strict=True)]
    return [("", got, wanted)]


def exception(raised: Raised) -> str:
    """An exception of the submission in one line, with the line of code it came from."""
    text = " ".join(raised.text.split())
    told = f"{raised.kind}: {text}" if text else raised.kind
    if not raised.line or not raised.source:
        return told
    return tr("{exception} (line {line}: {source})", exception=told, line=raised.line, source=raised.source)


def _outputs(result: Any, returns: tuple[str, ...]) -> list[str]:
    if isinstance(result, dict):
        return [f"{str(name)[:_KEY]} = {value(item)}" for name, item in itertools.islice(result.items(), _ENTRIES)]
    if isinstance(result, list | tuple) and len(result) == len(returns) > 1:
        return [f"{name} = {value(item)}" for name, item in zip(returns, result, strict=True)]
    return [value(result)]


def _shape(tensor: torch.Tensor) -> str:
    return "0-d" if tensor.dim() == 0 else str(tuple(tensor.shape))


def _numbers(nested: Any, digits: int) -> str:
    if isinstance(nested, list):
        return "[" + ", ".join(_numbers(item, digits) for item in nested) + "]"
    return _number(nested, digits)


def _number(number: Any, digits: int) -> str:
    return f"{number:.{digits}g}" if isinstance(number, float) else str(number)
