"""What was handed in, read: the source of each unit in it."""

from __future__ import annotations

import codecs
import hashlib
import re
from collections import defaultdict
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from backpass.course.stubs import function_text
from backpass.course.words import plain_text
from backpass.student.hand_ins import ZIPS_IN_ZIPS, HandIn, Units, levels_of, name_of
from backpass.student.intake import File, Levels, Nested, SubmissionError, limited
from backpass.student.notebooks import MAX_NOTEBOOK, Notebook
from backpass.student.requests import MAX_REQUESTS, REQUESTS, read_requests

MAX_SOURCE = 1 << 20  # bytes of one module; a unit's solution has a few thousand
_LONGEST_PROBLEM = 1000  # characters

_DEFINES = re.compile(r"^(?:async )?def +(\w+)", re.MULTILINE)

# `losses-1.py` and `losses (1).py` are what browsers and vendors make of a file that is there already.
_COPY = re.compile(r"(?P<name>.+?)(?:-(?P<again>\d{1,3})| ?\((?P<number>\d{1,3})\))?\.py", re.IGNORECASE)
_CODING = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True)
class Submission:
    """One student's work: `sources` maps the name of a unit to its bytes; a unit may be missing.

    `refused`: units whose module is there and cannot be used, and why. `problem`: what the instructor should know of
    a submission that could not be read, or not all of it. `notes`: what was read in a way that nobody has asked for.
    `requests`: exercises whose mark the student asks to have looked at again, and why. `late` and `handed_in`: what is
    known of when it came.
    """

    name: str
    sources: dict[str, bytes] = field(default_factory=dict, repr=False)
    problem: str | None = None
    refused: dict[str, str] = field(default_factory=dict)
    student_id: str | None = None
    late: bool = False
    notes: tuple[str, ...] = ()
    requests: dict[str, str] = field(default_factory=dict)
    handed_in: datetime | None = None

    @property
    def hash(self) -> str:
        """SHA-256 of all that its marks depend on."""
        digest = hashlib.sha256()
        said = (repr(self.problem), repr(sorted(self.refused.items())), *self.notes, *map(repr, self.requests.items()))
        came = (*(["late"] if self.late else []), *([self.handed_in.isoformat()] if self.handed_in else []))
        for part in (*said, *came, *sorted(self.sources)):
            digest.update(f"{len(part)}:{part}".encode("utf-8", "backslashreplace"))
            digest.update(hashlib.sha256(self.sources.get(part, b"")).digest())
        return digest.hexdigest()


def read_submission(handed_in: HandIn | Path, units: Units) -> Submission:
    """The submission that was handed in. What cannot be read is said in it, never raised."""
    if isinstance(handed_in, Path):
        handed_in = HandIn(name_of(handed_in), handed_in)
    forms = (handed_in, *handed_in.other_forms)
    read = _read(handed_in, units)
    chosen = handed_in
    for form in handed_in.other_forms:
        if not read.sources and (other := _read(form, units)).sources:
            read, chosen = other, form
    if handed_in.other_forms:
        others = ", ".join(form.file_name for form in forms if form is not chosen)
        read = replace(read, notes=(f"{chosen.file_name} was graded; {others} is there as well.", *read.notes))
    return replace(read, name=handed_in.name)


def _read(handed_in: HandIn, units: Units) -> Submission:
    found = _Modules(units)
    problem = None
    try:
        with ExitStack() as opened:
            found.look_through(levels_of(handed_in, units, opened))
            found.take_other_files()
    except SubmissionError as error:
        problem = str(error)
    except Exception as error:  # a class is graded whatever one of them is
        problem = f"It cannot be read ({type(error).__name__}: {error})."
    if found.refused:
        problem = " ".join(found.refused.values())
    elif found.sources:
        problem = None  # where not all could be looked through, what counts is nearer to the top
    else:
        problem = problem or found.nothing()
    refused = {unit: _told(why) for unit, why in found.refused.items()}
    told = _told(problem) if problem is not None else None
    vendor = handed_in.student_id, handed_in.late
    notes = tuple(map(_told, found.notes))
    return Submission(handed_in.name, found.sources, told, refused, *vendor, notes, found.requests, handed_in.handed_in)


class _Modules:
    """The modules of one submission, found level by level: the one nearest to the top counts."""

    def __init__(self, units: Units) -> None:
        self.sources: dict[str, bytes] = {}
        self.refused: dict[str, str] = {}
        self.notes: list[str] = []
        self.requests: dict[str, str] = {}
        self._functions = units
        self._units = {unit.casefold(): unit for unit in units}
        self._others: list[File] = []
        self._nested = Nested()

    def look_through(self, levels: Levels, zips_in_zips: int = ZIPS_IN_ZIPS) -> None:
        """Take the modules of some levels, and where they have none those of the zips in them."""
        zips: list[File] = []
        for level in levels:
            candidates: dict[str, list[tuple[int, bool, File]]] = defaultdict(list)
            for file in level:
                match = _COPY.fullmatch(file.path.name)
                unit = self._units.get(match["name"].casefold()) if match else None
                if match and unit:
                    copy = int(match["number"] or match["again"] or 0)
                    candidates[unit].append((copy, file.path.parent.name != "starter", file))
                elif file.path.suffix.lower() == ".zip":
                    zips.append(file)
                elif not file.refusal:
                    self._others.append(file)
            for unit, files in candidates.items():
                if unit not in self.sources:
                    self._take(unit, files)
            if len(self.sources) == len(self._units):
                return
        if not self.sources and not self.refused and zips_in_zips:
            for file in zips:
                if not self._nested.is_used_up:
                    self.look_through(self._nested.open(file).levels(), zips_in_zips - 1)

    def _take(self, unit: str, candidates: list[tuple[int, bool, File]]) -> None:
        usable = [candidate for candidate in candidates if not candidate[2].refusal] or candidates
        best = min(candidate[:2] for candidate in usable)
        files = [file for *rank, file in usable if tuple(rank) == best]
        try:
            # Of uploads with the same name the first in the list counts: a download lists the latest first.
            read = {file.path: _source(file) for file in reversed(files)}
        except SubmissionError as error:
            self.refused[unit] = str(error)
            return
        if len(set(read.values())) > 1:
            first, second, *_ = sorted(map(str, read))
            self.refused[unit] = f"{unit}.py is there more than once, as {first} and as {second}: hand in one of them."
            return
        self.sources[unit] = next(iter(read.values()))
        self.refused.pop(unit, None)

    def take_other_files(self) -> None:
        """Take a lone module of another name, and of notebooks the functions that no module has; each is noted."""
        if not self.sources and not self.refused:
            self._take_renamed()
        for file in self._others:
            if file.path.suffix.lower() == ".ipynb":
                self._take_apart(file)
            elif file.path.name == REQUESTS and not self.requests:
                self._take_requests(file)

    def _take_requests(self, file: File) -> None:
        known = {f"{unit}.{name}" for unit, names in self._functions.items() for name in names}
        try:
            self.requests = read_requests(limited(file, MAX_REQUESTS, "a list of requests"), known)
        except (SubmissionError, ValueError) as error:
            self.notes.append(f"{file.path.name} was not read: {error}.")

    def _take_renamed(self) -> None:
        """The one file that defines functions of a unit; several of them contradict each other."""
        texts = {file: _source(file) for file in self._others if file.path.suffix.lower() == ".py"}
        for unit, functions in self._functions.items():
            defining = [file for file, text in texts.items() if _defined(text) & set(functions)]
            names = ", ".join(str(file.path) for file in defining)
            if len({texts[file] for file in defining}) > 1:
                self.refused[unit] = f"{unit}.py is there under other names ({names}): call the right one {unit}.py."
            elif defining:
                self.sources[unit] = texts[defining[0]]
                self.notes.append(f"{names} was taken for {unit}.py.")

    def _take_apart(self, file: File) -> None:
        """What a notebook defines of the units' functions, where the module is missing, or still has the stub."""
        try:
            notebook = Notebook(limited(file, MAX_NOTEBOOK, "a notebook"))
        except (SubmissionError, ValueError) as error:
            self.notes.append(f"{file.path.name} was not read: {error}.")
            return
        for unit, functions in self._functions.items():
            module = self.sources.get(unit, b"").decode("utf-8", "replace")
            written = frozenset(name for name in _defined(module.encode()) if not _is_stub(module, name))
            names = [name for name in functions if name in notebook.functions - written]
            if names and unit not in self.refused:
                taken = notebook.as_module(unit, written)
                self.sources[unit] = f"{module}\n\n# From {file.path.name}\n{taken}".lstrip("\n").encode()
                self.notes.append(f"{', '.join(names)} was taken from {file.path.name}.")

    def nothing(self) -> str:
        """What to say of a submission without any module."""
        expected = ", ".join(f"{unit}.py" for unit in self._units.values())
        others = [file.path.name for file in self._others]
        holds = ", ".join(others[:5]) + (", ..." if len(others) > 5 else "")
        return f"No module is in it: expected {expected}. It holds {holds or 'nothing'}."


def _source(file: File) -> bytes:
    """A module as bytes that Python can compile, also where an editor has written them in another encoding."""
    content = limited(file, MAX_SOURCE, "a module")
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            try:
                return content.decode(encoding).encode()
            except UnicodeError:
                raise SubmissionError(
                    f"{file.path.name} is damaged: it begins as {encoding} text and goes on otherwise."
                ) from None
    if b"\0" in content:
        raise SubmissionError(f"{file.path.name} holds NUL bytes, so it is no text: save it as UTF-8.")
    try:
        content.decode()
    except UnicodeError:
        declared = next(filter(None, map(_CODING.match, content.splitlines()[:2])), None)
        if declared is None or declared[1].lower().replace(b"_", b"-") == b"utf-8":
            return content.decode("latin-1").encode()
    return content


def _defined(source: bytes) -> set[str]:
    """The functions at the top level of a module, also of one that is not Python as a whole."""
    return set(_DEFINES.findall(source.decode("utf-8", "replace")))


def _is_stub(module: str, name: str) -> bool:
    where = function_text(module, name)
    return where is not None and "raise NotImplementedError" in module[slice(*where)]


def _told(problem: str) -> str:
    """A problem in one line: names of files in it are a stranger's."""
    return plain_text(" ".join(problem.split()), _LONGEST_PROBLEM)
