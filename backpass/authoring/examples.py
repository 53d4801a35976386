"""Public examples against the solution: what they say that it does not return, and what it does."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import Any

import torch

from backpass.authoring.pieces import EXAMPLES, Gap
from backpass.course.manifest import Course, Exercise
from backpass.judging.cases import Case, Example, evaluate
from backpass.judging.checks import Check
from backpass.judging.comparison import differences
from backpass.judging.failures import Failure, Fault
from backpass.judging.graders import PublicChecks
from backpass.judging.student import Student
from backpass.judging.variants import Function
from backpass.worker.calls import Answer, Call
from backpass.worker.invoke import invoke_all


def contradicted(course: Course, exercise: Exercise, solution: Function) -> Iterator[Gap]:
    """The public examples that the solution contradicts, each with what it returns."""
    checks = PublicChecks(course)
    file = EXAMPLES.file(course.root, exercise.unit)
    lines = _lines(file.read_text(encoding="utf-8"))
    for check in checks.of(exercise):
        sources = [source for source in check.sources if isinstance(source, Example)]
        open_ones = [source for source in sources if source.returns is ...]
        failure = None if open_ones else _failure(checks, check, exercise, solution)
        if not open_ones and failure is None:
            continue
        at, *of_examples = lines[check.name]
        wrong = list(_wrong(sources, checks.cases(check, "cpu"), exercise, solution))
        for index, answer in wrong:
            line = of_examples[index] if len(of_examples) == len(sources) else at
            is_open = any(value is ... for value in sources[index].inputs.values())
            yield Gap(file, line, "the inputs of this example are open" if is_open else _told(answer))
        if not wrong:
            yield Gap(file, at, f"the solution does not pass: {failure}")


def _failure(checks: PublicChecks, check: Check, exercise: Exercise, solution: Function) -> str | None:
    """What a check says of the solution; None where it passes."""

    def ask(unit: str, name: str, calls: Sequence[Call]) -> list[Answer]:
        return invoke_all(solution, calls)

    try:
        checks.run(check, Student(exercise, ask))
    except (Failure, Fault) as failure:
        return str(failure)
    return None


def _wrong(
    sources: list[Example], cases: list[Case], exercise: Exercise, solution: Function
) -> Iterator[tuple[int, Answer]]:
    """The examples whose answer is not the solution's, or still open, by their number."""
    for index, (source, case) in enumerate(zip(sources, cases, strict=True)):
        answer = evaluate(solution, case)
        if source.returns is ... or answer.raised is not None or differences(case, answer, exercise.returns):
            yield index, answer


def _told(answer: Answer) -> str:
    if answer.raised is not None:
        return f"the solution raises {answer.raised.kind}: {answer.raised.text}"
    return f"the solution says returns={written(answer.value)}"


def written(value: Any) -> str:
    """A value as examples have it: numbers to six decimals, or seven digits."""
    if isinstance(value, torch.Tensor):
        dtype = "" if value.dtype in (torch.float32, torch.int64, torch.bool) else f", dtype={value.dtype}"
        return f"tensor({written(value.tolist())}{dtype.replace('torch.', '')})"
    if isinstance(value, list | tuple):
        inside = ", ".join(map(written, value))
        return f"[{inside}]" if isinstance(value, list) else f"({inside})"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key!r}: {written(each)}' for key, each in value.items())}}}"
    return (
        repr(float(f"{value:.7g}") if abs(value) >= 1 else round(value, 6)) if isinstance(value, float) else repr(value)
    )


def _lines(source: str) -> dict[str, list[int]]:
    """For every test function its line, and those of its examples."""
    found = {}
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.FunctionDef):
            calls = [node for each in statement.decorator_list for node in ast.walk(each) if isinstance(node, ast.Call)]
            of_examples = sorted(call.lineno for call in calls if ast.unparse(call.func) == "example")
            found[statement.name] = [statement.lineno, *of_examples]
    return found
