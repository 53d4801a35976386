"""What lets public checks name mistakes without the instructor's folders.

`exercises/<unit>/known_mistakes.json` records what each catalogued mistake answers to the public examples:
numbers and messages, no code. It is derived from the catalogue and never edited; `backpass derive` writes it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

import torch

from backpass.course.manifest import Course, Unit
from backpass.explaining.mistakes import Catalogue, Mistake
from backpass.judging.cases import Case, evaluate, same_form
from backpass.judging.comparison import differences, measured
from backpass.judging.graders import Checks
from backpass.worker.invoke import Answer
from backpass.worker.wire import Seed

KNOWN_MISTAKES = "known_mistakes.json"


def recorded_mistakes(course: Course) -> Catalogue:
    """A catalogue of what is recorded in `exercises/`."""
    catalogue = Catalogue()
    for unit in course.units:
        path = course.root / "exercises" / unit.name / KNOWN_MISTAKES
        if path.is_file():
            for recorded in json.loads(path.read_text(encoding="utf-8")):
                catalogue.add(_recorded(**recorded))
    return catalogue


def records(checks: Checks, unit: Unit, catalogue: Catalogue) -> Iterator[dict[str, Any]]:
    """One record for each mistake that some public example shows; of equal ones the first."""
    for exercise in unit.exercises:
        cases = [case for check in checks.of(exercise) for case in checks.cases(check, "cpu")]
        seen: set[str] = set()
        for mistake in catalogue.of(exercise.id):
            answers = [evaluate(mistake.function, case) for case in cases]
            if not any(differences(case, each, exercise.returns) for case, each in zip(cases, answers, strict=True)):
                continue
            if any(
                case.statistics and (each.raised is not None or not same_form(case.template, each.value))
                for case, each in zip(cases, answers, strict=True)
            ):
                continue  # of a random answer of the wrong form there are no numbers to recognise it by
            recorded = {_digest(case.inputs): _pack(case, each) for case, each in zip(cases, answers, strict=True)}
            pattern = json.dumps(recorded)
            if pattern not in seen:
                seen.add(pattern)
                yield {"exercise": exercise.id, "id": mistake.id, "tell": mistake.tell, "answers": recorded}


def _recorded(exercise: str, id: str, tell: str, answers: dict[str, Any]) -> Mistake:
    def answer(*args: Any, **kwargs: Any) -> Any:
        return _unpack(answers[_digest([*args, *kwargs.values()])])

    return Mistake(exercise, id, tell, answer)


def _digest(inputs: Any) -> str:
    """A short name for the inputs of a public example."""
    values = list(inputs.values()) if isinstance(inputs, dict) else inputs
    return hashlib.sha256(json.dumps(_plain(values)).encode()).hexdigest()[:12]


def _plain(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        return {"dtype": str(value.dtype).removeprefix("torch."), "numbers": value.tolist(), "shape": list(value.shape)}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, torch.Generator | Seed):
        return {"seed": value.seed if isinstance(value, Seed) else value.initial_seed()}
    if callable(value):
        return {"function": value.__doc__ or value.__name__}
    return value


def _pack(case: Case, answer: Answer) -> Any:
    return {"raised": answer.raised.kind} if answer.raised is not None else _plain(measured(case, answer))


def _unpack(packed: Any) -> Any:
    if isinstance(packed, dict) and "raised" in packed:
        raise type(packed["raised"], (Exception,), {})
    if isinstance(packed, dict) and "numbers" in packed:
        numbers = torch.tensor(packed["numbers"], dtype=getattr(torch, packed["dtype"]))
        return numbers.reshape(packed["shape"])
    if isinstance(packed, list):
        return [_unpack(item) for item in packed]
    if isinstance(packed, dict):
        return {key: _unpack(item) for key, item in packed.items()}
    return packed
