"""A module of a submission, rewritten so that every expression in its functions reports its value.

The rewritten module answers as the original does. An expression can be given another value than its own, which is how
`blame.py` finds the one that is wrong. Only a confined process calls this with a stranger's source.
"""

from __future__ import annotations

import ast
import contextlib
import importlib.util
import linecache
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import torch

from backpass.worker.rewriting import HOOK, Rewriter, Site, characters_before, counted, names_in

MOST_SITES = 4000
MOST_EVALUATIONS = 40_000  # of one call
MOST_SECONDS = 3.0  # of one call
_MOST_NUMBERS = 20_000  # of a tensor that is noted
_NOTED = (torch.Tensor, float, int, bool, list, tuple)


class Stopped(BaseException):
    """A call of rewritten code takes too long; not for the student's `except` to catch."""


class Watch:
    """What the rewritten code calls with the value of each expression.

    `notes`: (site, value) in the order of evaluation, where they are wanted. `swaps`: what to give in the place of the
    value of a site. `guarded`: what nobody may write into; `written`: the first site after which somebody had.
    `updates`: the sites that stand behind `x += y` and the like, in which all of a variable is computed anew.
    """

    def __init__(self) -> None:
        self.notes: list[tuple[int, Any]] | None = None
        self.swaps: Mapping[int, Callable[[Any], Any]] = {}
        self.guarded: list[Any] = []
        self.written: int | None = None
        self.updates: Collection[int] = ()
        self._state = 0
        self._left = MOST_EVALUATIONS
        self._until = 0.0

    def begin(self, swaps: Mapping[int, Callable[[Any], Any]], *, noting: bool) -> None:
        """Before each call."""
        self.swaps, self.notes, self._left = swaps, [] if noting else None, MOST_EVALUATIONS
        self._until = time.monotonic() + MOST_SECONDS
        self.guarded, self.written = [], None
        self._versions_of: dict[int, tuple[torch.Tensor, int]] = {}

    @property
    def evaluations(self) -> int:
        """How many there were since the call began."""
        return MOST_EVALUATIONS - self._left

    def filled_later(self) -> set[int]:
        """The sites whose tensors were written into after they were noted: what they hold then is no one's value."""
        return {index for index, (tensor, version) in self._versions_of.items() if tensor._version != version}

    def begun_as(self, index: int) -> int:
        """The first site that had the tensor which a site has, whatever was written into it since."""
        tensor = self._versions_of[index][0] if index in self._versions_of else None
        return next((each for each, (other, _) in self._versions_of.items() if other is tensor), index)

    def _computed_anew(self, tensor: torch.Tensor) -> None:
        """What a tensor was before all of it was computed anew, in place, is a value like any other."""
        for index, (other, version) in self._versions_of.items():
            if other is tensor and version == tensor._version - 1:
                self._versions_of[index] = tensor, tensor._version

    def guard(self, values: Sequence[Any]) -> None:
        """Watch from now on, until the next call begins, whether somebody writes into `values`."""
        self.guarded += _writable(values)
        self._state = self._versions()

    def _versions(self) -> int:
        return sum(each._version if isinstance(each, torch.Tensor) else 1000 * len(each) for each in self.guarded)

    def __call__(self, index: int, value: Any) -> Any:
        self._left -= 1
        if self._left < 0 or (self._left % 64 == 0 and time.monotonic() > self._until):
            raise Stopped
        if self.guarded and self.written is None and self._versions() != self._state:
            self.written = index
        swap = self.swaps.get(index)
        if swap is not None:
            value = swap(value)
        if self.notes is not None and isinstance(value, _NOTED):
            self.notes.append((index, _as_it_is_now(value)))
            if isinstance(value, torch.Tensor):
                if index in self.updates:
                    self._computed_anew(value)
                self._versions_of[index] = value, value._version
        return value


def _writable(values: Sequence[Any]) -> Iterator[Any]:
    for value in values:
        if isinstance(value, torch.Tensor):
            yield value
        elif isinstance(value, list):
            yield value
            yield from _writable(value)
        elif isinstance(value, dict):
            yield value
            yield from _writable(list(value.values()))


def _as_it_is_now(value: Any) -> Any:
    """A copy of what may be written into later."""
    if isinstance(value, torch.Tensor):
        return value.detach().clone() if value.numel() <= _MOST_NUMBERS else value
    if isinstance(value, list):
        return [_as_it_is_now(item) for item in value[:100]]
    return value


@dataclass(frozen=True)
class WatchedModule:
    """A rewritten module with the expressions in it.

    `switches`: sites of `with torch.no_grad()` and the like. `iterables`: by a function and the name of a loop's
    variable, the site of what it runs over. `tree`: the source as it is written, with its `functions` that are watched,
    of several of one name the last, which runs.
    """

    module: ModuleType
    sites: Sequence[Site]
    watch: Watch
    switches: Sequence[int]
    iterables: Mapping[tuple[str, str], int]
    source: str
    tree: ast.Module
    functions: Sequence[ast.FunctionDef]

    def characters(self, line: int, column: int) -> int:
        """A column in characters from one in bytes of UTF-8."""
        return characters_before(self.source.split("\n"), line, column)

    def function_of(self, index: int) -> ast.FunctionDef | None:
        """The function that a site is in."""
        return next((each for each in self.functions if each.name == self.sites[index].function), None)

    def inside(self, *outer: int) -> set[int]:
        """The sites of what some expressions are made of, with all that these are made of."""
        inside = set[int]()
        waiting = [part for each in outer for part in self.sites[each].parts]
        while waiting:
            inside.add(part := waiting.pop())
            waiting += self.sites[part].parts
        return inside

    @contextlib.contextmanager
    def with_function(self, function: ast.FunctionDef) -> Iterator[None]:
        """With another definition of one of its functions, whose expressions are not watched, only counted."""
        kept = self.module.__dict__[function.name]
        tree = ast.fix_missing_locations(ast.Module(counted([function]), []))
        exec(compile(tree, "<changed>", "exec", dont_inherit=True), self.module.__dict__)
        try:
            yield
        finally:
            self.module.__dict__[function.name] = kept


def _reached(tree: ast.Module, function: str) -> set[str]:
    """The names that `function` and what stands beside the functions mention, directly or in functions mentioned."""
    mentioned: dict[str, set[str]] = {}
    coming = {function}
    for statement in tree.body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            mentioned.setdefault(statement.name, set()).update(names_in(statement))
        else:
            coming |= names_in(statement)
    reached: set[str] = set()
    while coming:
        reached |= coming
        coming = set[str]().union(*(mentioned.get(name, ()) for name in coming)) - reached
    return reached


def watched(module: ModuleType, source: bytes, file: str, function: str) -> WatchedModule:
    """`source`, executed in `module`, with what `function` may call rewritten.

    ValueError where there is too much to watch; whatever the module raises comes through.
    """
    text = importlib.util.decode_source(source)
    tree = ast.parse(text, file)
    reached = _reached(tree, function)
    rewriter = Rewriter(text.split("\n"), reached)
    rewritten = ast.fix_missing_locations(rewriter.visit(ast.parse(text, file)))
    if len(rewriter.sites) > MOST_SITES:
        raise ValueError("too much to watch")
    watch = Watch()
    watch.updates = frozenset(rewriter.updates)
    module.__dict__[HOOK] = watch
    code = compile(rewritten, file, "exec", dont_inherit=True)
    linecache.cache[file] = (len(source), None, text.splitlines(keepends=True), file)
    exec(code, module.__dict__)
    functions = {each.name: each for each in tree.body if isinstance(each, ast.FunctionDef) and each.name in reached}
    switches, iterables = rewriter.switches, rewriter.iterables
    return WatchedModule(module, rewriter.sites, watch, switches, iterables, text, tree, [*functions.values()])
