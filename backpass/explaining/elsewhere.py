"""What would fail elsewhere in a submission that is right: on a GPU, in bfloat16, under vmap. Told, and not marked.

`torch.compile(fullgraph=True)` is not asked: it takes more than a second to import, and a second more for each
function. What breaks its graph, Python that reads a tensor's value, stops `torch.func.vmap` as well.
"""

from __future__ import annotations

import re
from dataclasses import replace

import torch

from backpass.course.language import later, tr
from backpass.judging.cases import Case, map_tensors
from backpass.judging.student import Student
from backpass.judging.variants import Function
from backpass.worker.calls import Answer, Call
from backpass.worker.invoke import invoke
from backpass.worker.simulated import NO_NUMPY, SIMULATED, TWO_DEVICES

_MADE = re.compile(r"On the CPU is line (\d+): (.+)", re.DOTALL)
_READS = later("that line turns a tensor into a Python value")
_WRITES = later("that line writes into a tensor that was not made from the inputs")
_STOPS_VMAP = (
    (".item()", _READS),
    ("data-dependent control flow", _READS),
    ("there exists a Tensor `other`", _WRITES),
    ("doesn't match the broadcast shape", _WRITES),
)


def note(case: Case, student: Student, forward: Function | None) -> str:
    """One sentence, or nothing, from asking one case again elsewhere.

    `forward`: the reference of a function that is differentiated, which is asked for in bfloat16 and under vmap, too,
    where it can do that itself.
    """
    given = next((name for name, value in case.inputs.items() if isinstance(value, torch.Tensor)), "")
    if not given:
        return ""
    call = case.call()
    on_gpu = _on_a_gpu(student.on(SIMULATED).ask([call])[0], given)
    if on_gpu or forward is None or call.cotangent is not None:
        return on_gpu
    in_bfloat16 = Call(*(map_tensors(each, _bfloat16) for each in (call.args, call.kwargs)))
    under_vmap = replace(call, vmapped=True)
    rights = [invoke(forward, each) for each in (in_bfloat16, under_vmap)]
    answers = student.ask([in_bfloat16, under_vmap])
    tell = _in_bfloat16, _under_vmap
    told = (
        tell(right.value, answer, given)
        for tell, right, answer in zip(tell, rights, answers, strict=True)
        if not right.raised
    )
    return next(filter(None, told), "")


def _bfloat16(tensor: torch.Tensor) -> torch.Tensor:
    return tensor.bfloat16() if tensor.is_floating_point() else tensor


def _in_bfloat16(right: object, answer: Answer, given: str) -> str:
    if not isinstance(right, torch.Tensor) or right.dtype is not torch.bfloat16:
        return ""
    raised = answer.raised
    if raised is not None:
        return (
            tr("In bfloat16 line {line} would raise: {text}", line=raised.line, text=raised.text) if raised.line else ""
        )
    if not isinstance(answer.value, torch.Tensor) or answer.value.dtype is not torch.float32:
        return ""
    return tr(
        "Given bfloat16 your result is float32: something on the way is made in float32, or turned into it; "
        "`dtype={given}.dtype` keeps what is given.",
        given=given,
    )


def _under_vmap(right: object, answer: Answer, given: str) -> str:
    raised = answer.raised
    why = next((why for text, why in _STOPS_VMAP if raised is not None and text in raised.text), None)
    if raised is None or raised.line is None or why is None:
        return ""
    return tr(
        "`torch.func.vmap`, which runs a function for a whole batch at once, would stop in line {line}, "
        "`{source}`: {why}.",
        line=raised.line,
        source=raised.source,
        why=tr(why),
    )


def _on_a_gpu(answer: Answer, given: str) -> str:
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
