"""The public checks of `exercises/`, and what lets them name mistakes without the instructor's folders.

`exercises/<unit>/known_mistakes.json` records what each catalogued mistake answers to the public examples:
numbers and messages, no code. It is derived from the catalogue and never edited; `backpass derive` writes it.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import json
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import torch

from backpass.cases import Case, Example, evaluate, same_form
from backpass.checks import Check
from backpass.compare import differences, measured
from backpass.course import Course, Unit
from backpass.diagnosis import Diagnosis
from backpass.graders import declared_checks
from backpass.mistakes import Catalogue, Mistake, load_catalogue
from backpass.plots import EXPECTED, Data, Plot, numbers_of, plots_of, rounded
from backpass.stubs import STUBS
from backpass.worker.invoke import Answer, Raised, invoke
from backpass.worker.wire import Seed

KNOWN_MISTAKES = "known_mistakes.json"


def public_cases(check: Check, course: Course) -> list[Case]:
    """The examples of a public check as cases."""
    parameters = course.exercises[check.exercise].parameters
    return [source.case(parameters) for source in check.sources if isinstance(source, Example)]


def public_checks(course: Course, unit: str) -> list[Check]:
    """The public checks of a unit."""
    return declared_checks(_public_module(course, course.unit(unit)))


def public_diagnosis(course: Course) -> Diagnosis:
    """A diagnosis that knows the recorded mistakes only."""
    catalogue = Catalogue()
    for unit in course.units:
        path = course.root / "exercises" / unit.name / KNOWN_MISTAKES
        if path.is_file():
            for recorded in json.loads(path.read_text(encoding="utf-8")):
                catalogue.add(_recorded(**recorded))
    return Diagnosis(catalogue, lambda exercise: _no_reference)


def write_derived_files(course: Course) -> Iterator[Path]:
    """Write what is derived and is not up to date; the paths as they are written."""
    for path, text in _derived_files(course):
        if not _is_up_to_date(path, text):
            path.write_text(text, encoding="utf-8")
            yield path


def stale_files(course: Course) -> list[Path]:
    """The derived files that do not hold what would be written now."""
    return [path for path, text in _derived_files(course) if not _is_up_to_date(path, text)]


def _is_up_to_date(path: Path, text: str) -> bool:
    """Whether a file holds what would be written; processors may differ in the last digits of numbers."""
    if not path.is_file():
        return False
    there = path.read_text(encoding="utf-8")
    return _same(json.loads(there), json.loads(text)) if path.suffix == ".json" else there == text


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(_same(a[key], b[key]) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(_same, a, b))
    if isinstance(a, float) and isinstance(b, float):
        return math.isclose(a, b, rel_tol=1e-4, abs_tol=1e-4) or (math.isnan(a) and math.isnan(b))
    return bool(a == b)


def _derived_files(course: Course) -> Iterator[tuple[Path, str]]:
    catalogue = load_catalogue(course)
    for unit in course.units:
        records = [json.dumps(record) for record in _records(course, unit, catalogue)]
        text = "[\n" + ",\n".join(records) + "\n]\n"
        yield course.root / "exercises" / unit.name / KNOWN_MISTAKES, text
        stubs = course.root / "starter" / f"{unit.name}.py"
        yield course.root / "exercises" / unit.name / STUBS, stubs.read_text(encoding="utf-8")
        shapes = {plot.exercise: _shape_of_the_reference(course, plot) for plot in plots_of(course, unit.name)}
        if shapes:
            yield course.root / "exercises" / unit.name / EXPECTED, json.dumps(shapes, indent=0) + "\n"


def _shape_of_the_reference(course: Course, plot: Plot) -> Data:
    exercise = course.exercises[plot.exercise]
    function = getattr(importlib.import_module(f"solutions.{exercise.unit}"), exercise.name)
    data: Data = rounded(numbers_of(plot, exercise, lambda calls: [invoke(function, call) for call in calls]))
    return data


def _records(course: Course, unit: Unit, catalogue: Catalogue) -> Iterator[dict[str, Any]]:
    """One record for each mistake that some public example shows; of equal ones the first."""
    checks = public_checks(course, unit.name)
    for exercise in unit.exercises:
        cases = [case for check in checks if check.exercise == exercise.id for case in public_cases(check, course)]
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


def _public_module(course: Course, unit: Unit) -> ModuleType:
    path = course.root / "exercises" / unit.name / f"test_{unit.name}.py"
    spec = importlib.util.spec_from_file_location(f"exercises.{unit.name}.test_{unit.name}", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


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


def _no_reference(*args: Any, **kwargs: Any) -> Callable[..., Any] | Raised:
    raise NotImplementedError("public cases carry their own answers")
