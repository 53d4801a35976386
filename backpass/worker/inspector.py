"""The grader's side of looking into a submission's program: a worker of its own, or one's own code in this process."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from backpass.worker.calls import Call
from backpass.worker.client import Substitutes, Worker, Zygote
from backpass.worker.inspection import Inspected
from backpass.worker.modules import SubmissionModules
from backpass.worker.own import OwnProcesses

_SECONDS = 60.0  # of the student's clock for all inspections of one submission


class Inspector:
    """Asks about the program of one submission; a context. Nothing that happens here changes its marks or its time.

    `file`: what messages call the module of a unit.
    """

    def __init__(
        self,
        zygote: Zygote | OwnProcesses,
        sources: dict[str, bytes],
        substitutes: Substitutes | None = None,
        file: Callable[[str], str] = "{}.py".format,
    ) -> None:
        each = zygote.limits.seconds_a_request / 2
        self._new_worker = partial(Worker, zygote, sources, substitutes, _SECONDS, each)
        self._gave_up: set[tuple[str, str]] = set()
        self._file = file
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
        return self._file(unit)

    def ask(self, about: str, unit: str, function: str, calls: Sequence[Call], rest: dict[str, Any]) -> dict[str, Any]:
        """See `Worker.inspect`. A function that does not let it be looked into once is only read after that."""
        if (unit, function) in self._gave_up and calls:
            return {}
        if self._worker is None:
            self._worker = self._new_worker()
        findings = self._worker.inspect(about, unit, function, calls, rest)
        if findings is None:
            self._gave_up.add((unit, function))
        return findings or {}


class InspectorHere:
    """The same for one's own modules, in this process."""

    def __init__(self, modules: SubmissionModules) -> None:
        self._modules = modules
        self._inspected = Inspected(modules)

    def source(self, unit: str) -> str:
        """As `Inspector.source`."""
        return _decoded(self._modules.sources[unit][1]) if unit in self._modules.sources else ""

    def file(self, unit: str) -> str:
        """As `Inspector.file`."""
        return _from_here(Path(self._modules.sources[unit][0]))

    def ask(self, about: str, unit: str, function: str, calls: Sequence[Call], rest: dict[str, Any]) -> dict[str, Any]:
        """As `Inspector.ask`."""
        request = {"about": about, "unit": unit, "function": function, **rest}
        try:
            return self._inspected(request, calls)
        except Exception:
            return {}


def file_in(folder: Path) -> Callable[[str], str]:
    """What a unit's file in a folder is called in messages."""
    return lambda unit: _from_here(folder / f"{unit}.py")


def _from_here(path: Path) -> str:
    """A path as editors make a link of it."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def _decoded(source: bytes) -> str:
    """The text of a module, for quoting. What encoding it names is not asked: some take a stranger's bytes for ages."""
    return source.decode("utf-8-sig", errors="replace").replace("\r\n", "\n")
