"""One's own modules under the public checks: in a process that can be killed, or in this one, for a debugger."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from backpass.course.manifest import Course
from backpass.worker.asking import modules_in
from backpass.worker.calls import Answer, Call, Raised
from backpass.worker.client import Worker
from backpass.worker.inspector import Inspector, InspectorHere, file_in
from backpass.worker.invoke import Printed
from backpass.worker.own import OwnProcesses
from backpass.worker.student_side import answer

_ENDS_THE_RUN = ("KeyboardInterrupt", "BdbQuit", "Exit")  # which a person at a debugger raises


class OwnWork:
    """The modules of a folder; a context. `here`: they run in this process, where print and a debugger reach a person.

    `printed`: what they have printed since it was last emptied, each text once.
    """

    def __init__(self, course: Course, folder: Path, *, here: bool = False) -> None:
        self._resources = ExitStack()
        self.printed: dict[str, None] = {}
        self._broken: dict[str, Raised | None] = {}
        self.inspects: Inspector | InspectorHere
        self._modules = modules_in(course, folder) if here else None
        if self._modules is not None:
            self.inspects = InspectorHere(self._modules)
            return
        files = {unit: folder / f"{unit}.py" for unit in course.unit_names}
        sources = {unit: file.read_bytes() for unit, file in files.items() if file.is_file()}
        # One request has its deadline; the whole of it ends when the person at the keyboard ends it.
        processes = self._resources.enter_context(OwnProcesses(replace(course.limits, seconds_a_submission=24 * 3600)))
        self._worker = self._resources.enter_context(Worker(processes, sources))
        self.inspects = self._resources.enter_context(Inspector(processes, sources, file=file_in(folder)))

    def __enter__(self) -> OwnWork:
        return self

    def __exit__(self, *_: object) -> None:
        self._resources.close()

    def ask(self, unit: str, name: str, calls: Sequence[Call]) -> list[Answer]:
        """The answers of a function; KeyboardInterrupt where that, or the end of a debugger, was the answer."""
        if self._modules is None:
            answers = self._worker.call(unit, name, calls)
        else:
            answers = [self._answer_here(unit, name, call) for call in calls]
        self.printed |= dict.fromkeys(each.printed for each in answers if each.printed)
        return answers

    def broken(self, unit: str) -> Raised | None:
        """What a unit's module raises when it is imported."""
        if unit not in self._broken:
            raised = self.ask(unit, "", [Call({})])[0].raised
            if raised is not None and raised.kind in ("timeout", "died"):
                raised = Raised(f"import:{raised.kind}", raised.text)
            self._broken[unit] = raised
        return self._broken[unit]

    def _answer_here(self, unit: str, name: str, call: Call) -> Answer:
        assert self._modules is not None
        (found,) = answer(self._modules, unit, name, [call], Printed(sys.stdout))
        if found.raised is not None and found.raised.kind.removeprefix("import:") in _ENDS_THE_RUN:
            raise KeyboardInterrupt
        return replace(found, printed="")
