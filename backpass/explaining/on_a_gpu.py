"""What would fail on a GPU in a submission that is right on the CPU: told, and not marked."""

from __future__ import annotations

import re
from collections.abc import Sequence

import torch

from backpass.course.language import tr
from backpass.judging.cases import Case
from backpass.judging.student import Student
from backpass.worker.invoke import Answer
from backpass.worker.simulated import NO_NUMPY, SIMULATED, TWO_DEVICES

_MADE = re.compile(r"On the CPU is line (\d+): (.+)", re.DOTALL)


def note(cases: Sequence[Case], student: Student) -> str:
    """One sentence, or nothing: one case is asked again on the stand-in for a GPU."""
    given = [name for name, value in cases[0].inputs.items() if isinstance(value, torch.Tensor)] if cases else []
    if not given:
        return ""
    (answer,) = student.on(SIMULATED).ask([cases[0].call()])
    return _told(answer, given[0])


def _told(answer: Answer, given: str) -> str:
    raised = answer.raised
    if raised is None:
        if not any(device != SIMULATED for device in answer.devices):
            return ""
        return tr(
            "On a GPU your result would be on the CPU, away from its inputs: give it `device={given}.device`.",
            given=given,
        )
    if raised.text.startswith(NO_NUMPY[:40]):
        return tr("On a GPU line {line} would raise: NumPy cannot read a tensor of the GPU.", line=raised.line)
    made = _MADE.search(raised.text)
    if not raised.text.startswith(TWO_DEVICES[:40]) or made is None:
        return ""
    return tr(
        "On a GPU this would raise: `{expression}` in line {line} makes a tensor on the CPU. Give it "
        "`device={given}.device`.",
        expression=made[2],
        line=made[1],
        given=given,
    )
