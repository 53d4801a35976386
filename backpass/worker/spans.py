"""Places in a student's file: of expressions, of what was changed, of where an exception came from."""

from __future__ import annotations

import ast
import linecache
from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any

from backpass.worker.mutants import Mutant
from backpass.worker.rewriting import Site
from backpass.worker.watched import WatchedModule


@dataclass(frozen=True)
class Place:
    """An expression in the file of a unit: lines from 1, columns from 0."""

    line: int
    column: int
    end_line: int
    end_column: int

    @classmethod
    def of(cls, site: Site) -> Place:
        return cls(site.line, site.column, site.end_line, site.end_column)


def of_node(node: ast.expr | ast.stmt, watched: WatchedModule) -> Place:
    start, end_line = watched.characters(node.lineno, node.col_offset), node.end_lineno or node.lineno
    return Place(node.lineno, start, end_line, watched.characters(end_line, node.end_col_offset or 0))


def of_mutant(mutant: Mutant, watched: WatchedModule) -> dict[str, Any]:
    """What was changed, and where."""
    start = watched.characters(mutant.line, mutant.column)
    end = watched.characters(mutant.end_line, mutant.end_column)
    return {**vars(Place(mutant.line, start, mutant.end_line, end)), "kind": mutant.kind, "text": mutant.text}


def without(site: Site, kept: Site, others: Sequence[Site]) -> Place:
    """What of an expression is to go so that one part of it is left: an operand with its sign, or all of it."""
    whole = Place.of(site)
    if not site.operation.isidentifier() and len(others) == 1:
        if (kept.end_line, kept.end_column) <= (others[0].line, others[0].column):
            return replace(whole, line=kept.end_line, column=kept.end_column)
        return replace(whole, end_line=kept.line, end_column=kept.column)
    return whole


def is_in(site: Site, place: dict[str, Any]) -> bool:
    starts = (place["line"], place["column"]) <= (site.line, site.column)
    return starts and (site.end_line, site.end_column) <= (place["end_line"], place["end_column"])


def place_of_step(step: TracebackType) -> Place:
    file = step.tb_frame.f_code.co_filename
    positions = list(step.tb_frame.f_code.co_positions())[step.tb_lasti // 2]
    line, end_line, column, end_column = (0 if each is None else each for each in positions)
    line, end_line = line or step.tb_lineno, end_line or step.tb_lineno
    return Place(line, _characters(file, line, column), end_line, _characters(file, end_line, end_column))


def loop_around(sites: Sequence[Site], place: Place, file: str) -> Place | None:
    """The head of the innermost loop that a place lies in."""
    loops = [site for site in sites if site.kind == "loop" and site.line <= place.line <= site.end_line]
    if not loops:
        return None
    inner = max(loops, key=lambda loop: loop.line)
    head = linecache.getline(file, inner.line).rstrip()
    return Place(inner.line, inner.column, inner.line, len(head))


def _characters(file: str, line: int, column: int) -> int:
    """A column in characters from one in bytes of UTF-8."""
    return len(linecache.getline(file, line).encode()[:column].decode(errors="replace"))
