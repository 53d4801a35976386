"""Digests of wrong answers to public examples: by one of an answer is found, and unlocked, what is known of it."""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import math
import zlib
from collections.abc import Collection, Iterator, Sequence
from typing import Any

import torch

from backpass.judging.cases import Case
from backpass.judging.comparison import measured
from backpass.worker.calls import Answer
from backpass.worker.wire import Seed

_NAME = 6  # bytes of a digest that are told
_BITS, _FEWEST = 13, 5  # of how far an answer is from the right one, and of these what rounding has to leave
_LEAST = -1100  # below every float's exponent
_ROUNDING = 2.0**-21  # of an answer, relative: four of float32's
_MOST = 64  # digests of an answer that is at the edge between some
_MOST_NUMBERS = 4096
_RAW = -15  # deflated, and nothing around it
_ROOTS = math.sqrt(2), math.sqrt(3)  # their multiples weigh the numbers of an answer in two sums


def digests(
    about: str,
    asked: Sequence[tuple[Case, Answer]],
    wrong: Collection[int],
    probes: Sequence[tuple[Case, Answer]] = (),
) -> list[bytes]:
    """The digests that answers may have; rounding decides between them, and the likeliest comes first.

    `probes`: cases of which only the answers are looked at. There are none of answers that say too little: where all
    that is wrong raises, is not finite, or is off by little more than rounding.
    """
    traits = [[*dict.fromkeys(_traits(*each))] if index in wrong else [""] for index, each in enumerate(asked)]
    tells = any(isinstance(each, tuple) for found in traits for each in found)
    traits += [[*dict.fromkeys(_traits(*each))] for each in probes]
    if not tells or math.prod(map(len, traits)) > _MOST:
        return []
    about += "".join(of_inputs(case.inputs) for case, _ in asked)
    return [hashlib.sha256(json.dumps([about, *each]).encode()).digest() for each in itertools.product(*traits)]


def of_inputs(inputs: Any) -> str:
    """A short name for the inputs of a public example."""
    values = list(inputs.values()) if isinstance(inputs, dict) else inputs
    return hashlib.sha256(json.dumps(plain(values)).encode()).hexdigest()[:12]


def plain(value: Any) -> Any:
    """A value as JSON can have it."""
    if isinstance(value, torch.Tensor):
        return {"dtype": str(value.dtype).removeprefix("torch."), "numbers": value.tolist(), "shape": list(value.shape)}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, set):
        return sorted(value)
    if isinstance(value, torch.Generator | Seed):
        return {"seed": value.seed if isinstance(value, Seed) else value.initial_seed()}
    if callable(value):
        return {"function": value.__doc__ or value.__name__}
    return value


def unpacked(packed: Any) -> Any:
    """What `plain` has made ready for JSON; an exception is raised."""
    if isinstance(packed, dict) and "raised" in packed:
        raise type(packed["raised"], (Exception,), {})
    if isinstance(packed, dict) and "numbers" in packed:
        numbers = torch.tensor(packed["numbers"], dtype=getattr(torch, packed["dtype"]))
        return numbers.reshape(packed["shape"])
    if isinstance(packed, list):
        return [unpacked(item) for item in packed]
    if isinstance(packed, dict):
        return {key: unpacked(item) for key, item in packed.items()}
    return packed


def name(digest: bytes) -> str:
    """What of a digest may be told: it unlocks nothing."""
    return base64.b64encode(digest[:_NAME]).decode()


def locked(text: str, digest: bytes, often: str) -> str:
    """A text that only who has the digest can read. `often`: what it is likely to have, which makes it short."""
    deflate = zlib.compressobj(9, wbits=_RAW, zdict=often.encode())
    return base64.b64encode(_mixed(deflate.compress(text.encode()) + deflate.flush(), digest)).decode()


def unlocked(text: str, digest: bytes, often: str) -> str:
    """What was locked with the digest."""
    return zlib.decompressobj(_RAW, often.encode()).decompress(_mixed(base64.b64decode(text), digest)).decode()


def _mixed(text: bytes, digest: bytes) -> bytes:
    return bytes(one ^ other for one, other in zip(text, hashlib.shake_256(digest).digest(len(text)), strict=True))


def _traits(case: Case, answer: Answer) -> Iterator[str | tuple[Any, ...]]:
    """What tells a wrong answer from others: its form, and how far it is from the right one, in two rounded sums."""
    if answer.raised is not None:
        yield answer.raised.kind
        return
    mine: list[float] = []
    right: list[float] = []
    form = _form(measured(case, answer), mine)
    if _form(case.expected, right) != form:
        right = []
    odd = {place: str(each) for place, each in enumerate(mine) if not math.isfinite(each)}
    finite = [0.0 if place in odd else each for place, each in enumerate(mine)]
    off = [
        each - other if math.isfinite(other) and place not in odd else each
        for place, (each, other) in enumerate(itertools.zip_longest(finite, right, fillvalue=0.0))
    ]
    rounding = _ROUNDING * max(map(abs, finite), default=0.0)
    sums = [sum(((number * root) % 1 + 0.5) * each for number, each in enumerate(off)) for root in _ROOTS[: len(off)]]
    for largest, noise in itertools.product(_nearby(max(map(abs, off), default=0.0), rounding), _nearby(rounding)):
        bits, unit = _exponent(largest), max(_exponent(largest) - _BITS, _exponent(4 * noise))
        if bits - unit < _FEWEST:
            yield json.dumps([form, odd])
            continue
        for each in itertools.product(*(_nearby(each, rounding) for each in sums)):
            yield json.dumps([form, odd]), unit, *(math.floor(math.ldexp(number, -unit)) for number in each)


def _nearby(number: float, margin: float | None = None) -> tuple[float, float, float]:
    """What a number may come to with another rounding, itself first."""
    apart = 1e-4 * number if margin is None else margin
    return number, number - apart, number + apart


def _exponent(number: float) -> int:
    return math.frexp(number)[1] if number > 0 else _LEAST


def _form(value: Any, numbers: list[float]) -> Any:
    """The form of a value, as `close` tells forms apart, with its numbers appended to the list."""
    if isinstance(value, list | tuple):
        return [_form(each, numbers) for each in value]
    if isinstance(value, dict):
        return {str(key): _form(each, numbers) for key, each in value.items()}
    if not isinstance(value, torch.Tensor | bool | int | float):
        return str(value)
    tensor = torch.as_tensor(value, dtype=torch.float64 if type(value) is int else None)
    if tensor.is_complex() or len(numbers) + tensor.numel() > _MOST_NUMBERS:
        return "no numbers to compare"
    numbers += tensor.double().reshape(-1).tolist()
    kind = "bool" if tensor.dtype == torch.bool else "float" if tensor.is_floating_point() else "int"
    return [kind, *tensor.shape]
