"""What arrives: whose work lies where, and the source of each unit in it."""

from __future__ import annotations

import codecs
import hashlib
import os
import re
import unicodedata
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from pathlib import Path

from backpass.course.stubs import function_text
from backpass.course.words import plain_text
from backpass.student import downloads
from backpass.student.intake import (
    MAX_LISTING_OF_A_CLASS,
    Archive,
    File,
    Levels,
    SubmissionError,
    folder_levels,
    is_hidden,
    limited,
    nested,
    one_file,
    together,
)
from backpass.student.notebooks import MAX_NOTEBOOK, Notebook
from backpass.student.requests import MAX_REQUESTS, REQUESTS, read_requests

__all__ = ["HandIn", "Submission", "SubmissionError", "find_submissions", "read_submission"]

MAX_SOURCE = 1 << 20  # bytes of one module; a unit's solution has a few thousand
_MAX_METADATA = 64 << 20  # bytes of what Gradescope says of a class
_MAX_ZIPS = 10  # of one submission that are opened
_LONGEST_PROBLEM = 1000  # characters
_ZIPS_IN_ZIPS = 2  # that are opened: the student's, and one that was put into it

# What each unit asks for: its name, and those of its functions.
Units = Mapping[str, Collection[str]]

_CLASS_OF = (".zip", ".py", ".ipynb")  # what a student's work may be, beside a folder
_OTHER_ARCHIVES = (".tar.gz", ".tar.xz", ".tar.bz2", ".tgz", ".tar", ".7z", ".rar", ".gz")
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
class HandIn:
    """Where one student's work lies: `path`, or `members` of the folder or zip at `path` (see `downloads.py`).

    `student_id` and `late`: what the vendor's download says of it. `other_forms`: the same student's, where `ada` and
    `ada.zip` lie side by side; the first that can be read is graded.
    """

    name: str
    path: Path
    members: tuple[tuple[str, str], ...] = ()
    student_id: str | None = None
    late: bool = False
    other_forms: tuple[HandIn, ...] = ()

    @property
    def file_name(self) -> str:
        """What it is called where it lies."""
        return _shown(self.members[0][0] if self.members else self.path.name)

    @property
    def longer_name(self) -> str:
        """The name with where it lies, for another of the same name."""
        return _shown(f"{self.path}/{self.members[0][0]}" if self.members else str(self.path))


@dataclass(frozen=True)
class Submission:
    """One student's work: `sources` maps the name of a unit to its bytes; a unit may be missing.

    `refused`: units whose module is there and cannot be used, and why. `problem`: what the instructor should know of
    a submission that could not be read, or not all of it. `notes`: what was read in a way that nobody has asked for.
    `requests`: exercises whose mark the student asks to have looked at again, and why.
    """

    name: str
    sources: dict[str, bytes] = field(default_factory=dict, repr=False)
    problem: str | None = None
    refused: dict[str, str] = field(default_factory=dict)
    student_id: str | None = None
    late: bool = False
    notes: tuple[str, ...] = ()
    requests: dict[str, str] = field(default_factory=dict)

    @property
    def hash(self) -> str:
        """SHA-256 of all that its marks depend on."""
        digest = hashlib.sha256()
        said = (repr(self.problem), repr(sorted(self.refused.items())), *self.notes, *map(repr, self.requests.items()))
        for part in (*said, *sorted(self.sources)):
            digest.update(f"{len(part)}:{part}".encode("utf-8", "backslashreplace"))
            digest.update(hashlib.sha256(self.sources.get(part, b"")).digest())
        return digest.hexdigest()


def find_submissions(path: Path, units: Units) -> list[HandIn]:
    """The submissions at `path`: itself if it is one, else one for each student in it, sorted by name.

    A folder or zip is a submission when a unit's module lies in it or in its `starter/`. A class is a download of those
    in `downloads.py`, or a folder or zip that holds a folder or zip for each student. What lies in such a folder is one
    student's, whatever it looks like: nobody hands in for others.
    """
    try:
        if not path.exists():
            raise SubmissionError(f"There is no {path}.")
        if path.is_dir():
            return _in_folder(path, units)
        if path.suffix.lower() == ".zip":
            return _in_zip(path, units)
    except OSError as error:
        raise SubmissionError(f"{path} cannot be read: {error.strerror or error}.") from None
    one = downloads.by_student([(path.name, False)], bytes)
    if one:
        return [_hand_in(one[0], path.parent, "")]
    return [HandIn(_name_of(path), path)]


def read_submission(handed_in: HandIn | Path, units: Units) -> Submission:
    """The submission that was handed in. What cannot be read is said in it, never raised."""
    if isinstance(handed_in, Path):
        handed_in = HandIn(_name_of(handed_in), handed_in)
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
            found.look_through(_levels(handed_in, units, opened))
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
    return Submission(handed_in.name, found.sources, told, refused, *vendor, notes, found.requests)


def files_of(handed_in: HandIn, kinds: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    """The files of some kinds (".py") in a hand-in, also in zips that lie in it, by name and what is in them.

    What cannot be read is left out.
    """
    with ExitStack() as opened, suppress(SubmissionError, OSError, zipfile.BadZipFile):
        yield from _files_in(_levels(handed_in, {}, opened), kinds, _ZIPS_IN_ZIPS)


def _files_in(levels: Levels, kinds: tuple[str, ...], zips_in_zips: int) -> Iterator[tuple[str, bytes]]:
    zips: list[File] = []
    for file in (file for level in levels for file in level):
        if file.path.suffix.lower() in kinds:
            with suppress(SubmissionError):
                yield file.path.name, limited(file, MAX_NOTEBOOK, "a file")
        elif file.path.suffix.lower() == ".zip" and zips_in_zips:
            zips.append(file)
    for file in zips[:_MAX_ZIPS]:
        with suppress(SubmissionError):
            yield from _files_in(nested(file).levels(), kinds, zips_in_zips - 1)


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

    def look_through(self, levels: Levels, zips_in_zips: int = _ZIPS_IN_ZIPS) -> None:
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
            for file in zips[:_MAX_ZIPS]:
                self.look_through(nested(file).levels(), zips_in_zips - 1)

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


def _in_folder(path: Path, units: Units) -> list[HandIn]:
    def listing(place: str) -> list[tuple[str, bool]]:
        with os.scandir(path / place) as entries:
            return sorted((entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries)

    if _has_modules(listing, "", units):
        return [HandIn(_name_of(path), path)]
    found = _downloaded(path, listing, lambda place: limited(one_file(path / place, place), _MAX_METADATA, "it"))
    if found:
        return found
    inside = sorted(entry for entry in path.iterdir() if not is_hidden(entry.name))
    may_be = [
        entry for entry in inside if entry.is_dir() or entry.name.lower().endswith((*_CLASS_OF, *_OTHER_ARCHIVES))
    ]
    if (path / downloads.SUBMITTED).is_dir():
        return _in_folder(path / downloads.SUBMITTED, units)
    if len(may_be) == 1 and may_be[0].suffix.lower() in (".py", ".ipynb"):
        return [HandIn(_name_of(path), path)]  # one student's, in a file of another name
    if not may_be:
        modules = ", ".join(f"{unit}.py" for unit in units)
        raise SubmissionError(
            f"{path} holds no submission: none of {modules}, and no folder or zip that could hold them."
        )
    return _one_a_student([HandIn(_name_of(entry), entry) for entry in inside])


def _one_a_student(hand_ins: list[HandIn]) -> list[HandIn]:
    """The same, where what is called alike is one student's: a folder first, then a zip, a module, a notebook."""
    by_name: dict[str, list[HandIn]] = {}
    for each in hand_ins:
        by_name.setdefault(unicodedata.normalize("NFC", each.name).casefold(), []).append(each)
    forms = ("", *_CLASS_OF)

    def rank(hand_in: HandIn) -> int:
        name = Path(hand_in.file_name)
        is_folder = not hand_in.members[0][1] if hand_in.members else hand_in.path.is_dir()
        kind = "" if is_folder else name.suffix.lower()
        return forms.index(kind) if kind in forms else len(forms)

    ranked = [sorted(each, key=rank) for each in by_name.values()]
    return [replace(first, other_forms=tuple(others)) for first, *others in ranked]


def _in_zip(path: Path, units: Units) -> list[HandIn]:
    try:
        archive = _opened(path)
    except SubmissionError:
        return [HandIn(_name_of(path), path)]  # reading it says what is wrong
    if _has_modules(archive.listing, "", units):
        return [HandIn(_name_of(path), path)]
    found = _downloaded(path, archive.listing, lambda place: archive.read(place, _MAX_METADATA))
    return found or _students_in(path, archive, units) or [HandIn(_name_of(path), path)]


_Listing = Callable[[str], list[tuple[str, bool]]]


def _downloaded(path: Path, listing: _Listing, read: Callable[[str], bytes]) -> list[HandIn]:
    """The students of a vendor's download, which may lie in a folder of its own; else none."""
    for place in ("", *_only_folder(listing)):
        names = listing(place)
        students = downloads.by_student(names, partial(read, _join(place, downloads.METADATA)))
        if students:
            known = {inside for student in students for inside, _ in student.members}
            others = [each for each in _entries(names) if each[0] not in known and each[0] != downloads.METADATA]
            return [
                *(_hand_in(student, path, place) for student in students),
                *_one_a_student([_by_name(name, is_folder, path, place) for name, is_folder in others]),
            ]
    return []


def _students_in(path: Path, archive: Archive, units: Units) -> list[HandIn]:
    """The students of a zip that holds a folder or zip for each: two of them have the same module, or are zips."""
    for place in ("", *_only_folder(archive.listing)):
        if (downloads.SUBMITTED, True) in archive.listing(place):
            place = _join(place, downloads.SUBMITTED)
        elif _has_modules(archive.listing, place, units):
            return []
        students = _holders(archive.listing(place))
        seen: Counter[str] = Counter()
        for name, _ in students:
            files = [file.path for level in archive.levels(_join(place, name), name) for file in level]
            seen.update({path.stem if path.suffix == ".py" else path.suffix.lower() for path in files})
        if place.endswith(downloads.SUBMITTED) or any(seen[kind] > 1 for kind in (*units, ".zip")):
            entries = _entries(archive.listing(place))
            return _one_a_student([_by_name(name, is_folder, path, place) for name, is_folder in entries])
    return []


def _entries(listing: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    return [(name, is_folder) for name, is_folder in listing if not is_hidden(name)]


def _holders(listing: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """The folders and zips of a listing: each may be a student's."""
    return [
        (name, is_folder)
        for name, is_folder in listing
        if not is_hidden(name) and (is_folder or name.lower().endswith(".zip"))
    ]


def _by_name(name: str, is_folder: bool, path: Path, place: str) -> HandIn:
    """The work in a folder or zip that is called like its student."""
    member = _join(place, name), "" if is_folder else name
    return HandIn(_shown(name if is_folder else _stem(name)), path, (member,))


def _hand_in(student: downloads.Student, path: Path, place: str) -> HandIn:
    members = tuple((_join(place, inside), named) for inside, named in student.members)
    return HandIn(_shown(student.name), path, members, student.id, student.late)


def _levels(handed_in: HandIn, units: Units, opened: ExitStack) -> Levels:
    path = handed_in.path
    if handed_in.members and path.is_dir():
        return together(
            iter([[one_file(path / inside, named)]]) if named else folder_levels(path / inside)
            for inside, named in handed_in.members
        )
    if handed_in.members:
        archive = _opened(path)
        return together(archive.levels(inside, named) for inside, named in handed_in.members)
    if path.is_dir():
        return folder_levels(path)
    if path.suffix.lower() == ".zip":
        return opened.enter_context(Archive(path, path.name)).levels()
    if path.suffix.lower() not in (".py", ".ipynb"):
        expected = ", ".join(f"{unit}.py" for unit in units)
        raise SubmissionError(f"{path.name} is no submission: expected a folder, a .zip, or one of {expected}.")
    return iter([[one_file(path, path.name)]])


def _opened(path: Path) -> Archive:
    """The zip of a class, opened once for all of its students."""
    status = path.stat()
    return _open_archive(path, status.st_mtime_ns, status.st_size, os.getpid())


@lru_cache(maxsize=1)
def _open_archive(path: Path, *_: int) -> Archive:
    return Archive(path, path.name, MAX_LISTING_OF_A_CLASS)


def _has_modules(listing: _Listing, place: str, units: Units) -> bool:
    modules = {f"{unit}.py" for unit in units}
    inside = dict(listing(place))
    below = dict(listing(_join(place, "starter"))) if inside.get("starter") else {}
    return any(not names[name] for names in (inside, below) for name in modules & names.keys())


def _only_folder(listing: _Listing) -> list[str]:
    folders = [name for name, is_folder in listing("") if is_folder and not is_hidden(name)]
    return folders if len(folders) == 1 else []


def _join(place: str, name: str) -> str:
    return f"{place}/{name}" if place else name


def _name_of(path: Path) -> str:
    path = path.absolute()
    path = path.resolve() if path.name in ("", "..") else path
    return _shown(path.name if path.is_dir() else _stem(path.name))


def _stem(name: str) -> str:
    """A file's name without what says that it is a module or an archive."""
    end = next((end for end in (*_CLASS_OF, *_OTHER_ARCHIVES) if name.lower().endswith(end)), "")
    return name[: len(name) - len(end)]


def _told(problem: str) -> str:
    """A problem in one line: names of files in it are a stranger's."""
    return plain_text(" ".join(problem.split()), _LONGEST_PROBLEM)


def _shown(name: str) -> str:
    """A name for results and screens: what is not UTF-8, or not printable, is escaped, and so is what escapes."""
    text = name.replace("\\", "\\\\").encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)
