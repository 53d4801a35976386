"""Frozen cases on disk: what no submission changes is drawn once on a machine, not once in every run.

A file for each exercise, in a folder named by a hash of all that its cases rest on: in the course where they were
shipped with it, else in the user's cache. Its bytes are those that travel to workers (see `wire`), mapped and not
unpickled; a file that is not whole is as good as none.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import mmap
import os
import platform
import shutil
import struct
import tempfile
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import platformdirs
import torch

from backpass.course.hashes import KIT, files_of, hash_of
from backpass.course.manifest import MANIFEST, Course
from backpass.judging.cases import Case, Draw
from backpass.worker.calls import Raised
from backpass.worker.wire import Seed, WireError, decode, encode

SHIPPED = "frozen"  # a folder of a course
# What graders and solutions import of the kit, and all that it may import: commands and classes change no case.
ROOMS = tuple(KIT / room for room in ("course", "explaining", "judging", "student", "tuning", "worker"))
_KEPT = 16  # of courses and their versions, the ones that were used last
_START = struct.Struct(">32sQ")  # hash of the rest, size of the tensors, which come first: they are mapped in place
_LEAVES = (type(None), bool, float, str, Seed, Raised, torch.Tensor)
_STORED = ("inputs", "keywords", "cotangent", "expected", "template", "tolerance")  # the rest is said by the draw


class FrozenCases:
    """The cases of a course, as far as they were drawn before. `rest_on`: the files that they depend on."""

    def __init__(self, course: Course, rest_on: tuple[str, ...] = ("*.py",)) -> None:
        self._name = _hash(course, rest_on)
        self._folder = platformdirs.user_cache_path("backpass") / SHIPPED / self._name
        self._shipped = course.root / SHIPPED / self._name

    def load(self, exercise: str, draws: Sequence[Draw]) -> dict[int, list[Case]]:
        """The cases of an exercise's draws, by place; what was not kept is missing."""
        stored = _read(self._shipped / exercise)
        if stored is None:
            stored = _read(self._folder / exercise) or {}
            with contextlib.suppress(OSError):
                os.utime(self._folder)  # it is in use
        return {place: [_restored(case, draws[place]) for case in cases] for place, cases in stored.items()}

    def to_ship(self, exercises: Iterable[str]) -> dict[str, bytes]:
        """What is kept of these exercises, by the names of the files in a course."""
        files = {f"{SHIPPED}/{self._name}/{exercise}": self._folder / exercise for exercise in exercises}
        return {name: file.read_bytes() for name, file in files.items() if _read(file) is not None}

    def save(self, exercise: str, cases: Sequence[list[Case]]) -> None:
        """Keep the cases of an exercise's draws, except those that hold functions: they are drawn in every run."""
        stored = {place: [_stored(case) for case in drawn] for place, drawn in enumerate(cases) if _plain(drawn)}
        try:
            if not self._folder.is_dir():
                self._folder.mkdir(parents=True, exist_ok=True)
                _forget(self._folder.parent)
            _write(self._folder / exercise, stored)
        except OSError:  # a full disk, or a home that may not be written to: it is only slower
            return


def _hash(course: Course, rest_on: tuple[str, ...]) -> str:
    """Of the sources and libraries that cases are made with."""
    folders = (*ROOMS, *(course.root / name for name in ("graders", "solutions")))
    files = [
        course.root / MANIFEST,
        *(file for folder in folders for each in rest_on for file in files_of(folder, each)),
    ]
    libraries = [version(name) for name in ("torch", "numpy", "hypothesis")]
    basis = [platform.machine(), platform.python_version(), *libraries, *map(hash_of, files)]
    return hashlib.sha256(json.dumps(basis).encode()).hexdigest()


def _plain(value: Any) -> bool:
    """Whether a value is the same after a way through a file."""
    kind = type(value)
    if kind is Case:
        return all(_plain(getattr(value, name)) for name in _STORED)
    if kind in (list, tuple):
        return all(map(_plain, value))
    if kind is dict:
        return all(type(key) in (str, int) and _plain(item) for key, item in value.items())
    if kind is int:
        return bool(-(2**63) <= value < 2**63)  # what msgpack can hold
    return kind in _LEAVES


def _stored(case: Case) -> dict[str, Any]:
    stored = {name: getattr(case, name) for name in _STORED}
    return {name: {"raised": vars(value)} if type(value) is Raised else value for name, value in stored.items()}


def _restored(stored: dict[str, Any], draw: Draw) -> Case:
    for name in ("expected", "template"):
        if isinstance(stored[name], dict) and stored[name].keys() == {"raised"}:
            stored[name] = Raised(**stored[name]["raised"])
    return Case(
        **stored,
        times=draw.times,
        relative=draw.relative,
        statistics=draw.statistics,
        origin=draw,
        precision=draw.precision,
    )


def _read(path: Path) -> Any:
    try:
        with path.open("rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
        digest, payload = _START.unpack(mapped[: _START.size])
        rest = memoryview(mapped)[_START.size :]
        if hashlib.sha256(rest).digest() != digest:
            return None
        return decode(bytes(rest[payload:]), rest[:payload], has_budget=False)
    except (OSError, ValueError, struct.error, WireError):
        return None


def _write(path: Path, value: Any) -> None:
    header, payload = encode(value)
    digest = hashlib.sha256(payload + header).digest()
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(_START.pack(digest, len(payload)) + payload + header)
    Path(file.name).replace(path)


def _forget(folder: Path) -> None:
    """Remove all but the versions that were used last."""
    for old in sorted(folder.iterdir(), key=lambda each: each.stat().st_mtime)[:-_KEPT]:
        shutil.rmtree(old, ignore_errors=True)
