"""Values and cases as a student reads them: numbers first, then shape and dtype."""

from __future__ import annotations

from typing import Any

import torch

from backpass.judging.cases import Case
from backpass.worker.invoke import Answer, Raised
from backpass.worker.wire import Seed, Unsupported

MAX_NUMBERS = 48


def value(item: Any) -> str:
    """`item` in one line; a large tensor by its shape only."""
    if isinstance(item, torch.Tensor):
        form = f"{_shape(item)} {str(item.dtype).removeprefix('torch.')}"
        return f"{_numbers(item.tolist())}   {form}" if item.numel() <= MAX_NUMBERS else f"a tensor {form}"
    if isinstance(item, list | tuple):
        opening, closing = ("[", "]") if isinstance(item, list) else ("(", ")")
        return opening + ", ".join(value(part) for part in item) + closing
    if isinstance(item, dict):
        return "{" + ", ".join(f"{key}: {value(part)}" for key, part in item.items()) + "}"
    if isinstance(item, Seed):
        return f"torch.Generator().manual_seed({item.seed})"
    if callable(item):
        return str(item.__doc__ or getattr(item, "__name__", "a function"))
    if isinstance(item, Unsupported):
        return f"a {item.type_name}"
    return _number(item) if isinstance(item, float) else str(item) if isinstance(item, int) else repr(item)[:200]


def inputs(case: Case) -> list[str]:
    """One line for each input."""
    lines = [f"{name} = {value(item)}" for name, item in case.inputs.items()]
    if case.cotangent is not None:
        lines.append(f"gradient of the output = {value(case.cotangent)}")
    return lines


def answer(got: Answer, returns: tuple[str, ...]) -> list[str]:
    """What a call came to: one line for each output, or the exception."""
    if got.raised is not None:
        return [f"raises {exception(got.raised)}"]
    return _outputs(got.value, returns)


def expected(case: Case, returns: tuple[str, ...]) -> list[str]:
    """What was expected of `case`, like `answer`."""
    if isinstance(case.expected, Raised):
        return [f"raises {case.expected.kind}"]
    return _outputs(case.template, returns)


def exception(raised: Raised) -> str:
    """An exception of the submission in one line, with the line of code it came from."""
    text = " ".join(raised.text.split())
    place = f" (line {raised.line}: {raised.source})" if raised.line and raised.source else ""
    return f"{raised.kind}: {text}{place}" if text else f"{raised.kind}{place}"


def _outputs(result: Any, returns: tuple[str, ...]) -> list[str]:
    if isinstance(result, dict):
        return [f"{name} = {value(item)}" for name, item in result.items()]
    if isinstance(result, list | tuple) and len(result) == len(returns) > 1:
        return [f"{name} = {value(item)}" for name, item in zip(returns, result, strict=True)]
    return [value(result)]


def _shape(tensor: torch.Tensor) -> str:
    return "0-d" if tensor.dim() == 0 else str(tuple(tensor.shape))


def _numbers(nested: Any) -> str:
    if isinstance(nested, list):
        return "[" + ", ".join(_numbers(item) for item in nested) + "]"
    return _number(nested)


def _number(number: Any) -> str:
    return f"{number:.5g}" if isinstance(number, float) else str(number)
