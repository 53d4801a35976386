"""The grader's side of looking into a submission's program: a worker of its own, or one's own code in this process."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from backpass.worker.client import Substitutes, Worker, Zygote
from backpass.worker.inspection import Inspected
from backpass.worker.invoke import Call
from backpass.worker.modules import SubmissionModules

_SECONDS = 60.0  # of the student's clock for all inspections of one submission


class Inspector:
    """Asks about the program of one submission; a context. Nothing that happens here changes its marks or its time."""

    def __init__(self, zygote: Zygote, sources: dict[str, bytes], substitutes: Substitutes | None = None) -> None:
        each = zygote.limits.seconds_a_request / 2
        self._new_worker = partial(Worker, zygote, sources, substitutes, _SECONDS, each)
        self._gave_up = False
        self._sources = sources
        self._worker: Worker | None = None

    def __enter__(self) -> Inspector:
        return self

    def __exit__(self, *_: object) -> None:
        if self._worker is not None:
            self._worker.__exit__()
            self._worker = None

    def source(self, unit: str) -> str:
        """The text of a unit's module, empty where it is no text."""
        return _decoded(self._sources.get(unit, b""))

    def file(self, unit: str) -> str:
        """What a unit's file is called in messages."""
        return f"{unit}.py"

    def ask(self, about: str, unit: str, function: str, calls: Sequence[Call], rest: dict[str, Any]) -> dict[str, Any]:
        """See `Worker.inspect`. A submission that does not let it be looked into once is not looked into again."""
        if self._gave_up:
            return {}
        if self._worker is None:
            self._worker = self._new_worker()
        findings = self._worker.inspect(about, unit, function, calls, rest)
        self._gave_up = findings is None
        return findings or {}


class OwnInspector:
    """The same for one's own modules, in this process."""

    def __init__(self, modules: SubmissionModules) -> None:
        self._modules = modules
        self._inspected = Inspected(modules)

    def source(self, unit: str) -> str:
        """As `Inspector.source`."""
        return _decoded(self._modules.sources[unit][1]) if unit in self._modules.sources else ""

    def file(self, unit: str) -> str:
        """The path of a unit's file, from here: editors make a link of it."""
        path = Path(self._modules.sources[unit][0])
        here = Path.cwd()
        return str(path.relative_to(here) if path.is_relative_to(here) else path)

    def ask(self, about: str, unit: str, function: str, calls: Sequence[Call], rest: dict[str, Any]) -> dict[str, Any]:
        """As `Inspector.ask`."""
        request = {"about": about, "unit": unit, "function": function, **rest}
        try:
            return self._inspected(request, calls)
        except Exception:
            return {}


def _decoded(source: bytes) -> str:
    """The text of a module, for quoting. What encoding it names is not asked: some take a stranger's bytes for ages."""
    return source.decode("utf-8-sig", errors="replace").replace("\r\n", "\n")
