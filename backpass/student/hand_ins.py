"""Whose work lies where: a folder, a zip or a vendor's download of a class, taken apart into one hand-in a student."""

from __future__ import annotations

import os
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache, partial
from pathlib import Path

from backpass.student import downloads
from backpass.student.intake import (
    MAX_LISTING_OF_A_CLASS,
    Archive,
    File,
    Levels,
    Nested,
    SubmissionError,
    folder_levels,
    is_hidden,
    limited,
    one_file,
    together,
)
from backpass.student.notebooks import MAX_NOTEBOOK

ZIPS_IN_ZIPS = 2  # that are opened: the student's, and one that was put into it
_MAX_METADATA = 64 << 20  # bytes of what Gradescope says of a class

# What each unit asks for: its name, and those of its functions.
Units = Mapping[str, Collection[str]]

_CLASS_OF = (".zip", ".py", ".ipynb")  # what a student's work may be, beside a folder
_OTHER_ARCHIVES = (".tar.gz", ".tar.xz", ".tar.bz2", ".tgz", ".tar", ".7z", ".rar", ".gz")


@dataclass(frozen=True)
class HandIn:
    """Where one student's work lies: `path`, or `members` of the folder or zip at `path` (see `downloads.py`).

    `student_id`, `late` and `handed_in`: what the vendor's download, or a list of the class, says of it. `other_forms`:
    the same student's, where `ada` and `ada.zip` lie side by side; the first that can be read is graded.
    """

    name: str
    path: Path
    members: tuple[tuple[str, str], ...] = ()
    student_id: str | None = None
    late: bool = False
    other_forms: tuple[HandIn, ...] = ()
    handed_in: datetime | None = None

    @property
    def file_name(self) -> str:
        """What it is called where it lies."""
        return _shown(self.members[0][0] if self.members else self.path.name)

    @property
    def longer_name(self) -> str:
        """The name with where it lies, for another of the same name."""
        return _shown(f"{self.path}/{self.members[0][0]}" if self.members else str(self.path))


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
    return [HandIn(name_of(path), path)]


def files_of(handed_in: HandIn, kinds: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    """The files of some kinds (".py") in a hand-in, also in zips that lie in it, by name and what is in them.

    What cannot be read is left out.
    """
    with ExitStack() as opened, suppress(SubmissionError, OSError, zipfile.BadZipFile):
        yield from _files_in(levels_of(handed_in, {}, opened), kinds, Nested(), ZIPS_IN_ZIPS)


def _files_in(levels: Levels, kinds: tuple[str, ...], nested: Nested, zips_in_zips: int) -> Iterator[tuple[str, bytes]]:
    zips: list[File] = []
    for file in (file for level in levels for file in level):
        if file.path.suffix.lower() in kinds:
            with suppress(SubmissionError):
                yield file.path.name, limited(file, MAX_NOTEBOOK, "a file")
        elif file.path.suffix.lower() == ".zip" and zips_in_zips:
            zips.append(file)
    for file in zips:
        with suppress(SubmissionError):
            if not nested.is_used_up:
                yield from _files_in(nested.open(file).levels(), kinds, nested, zips_in_zips - 1)


def _in_folder(path: Path, units: Units) -> list[HandIn]:
    def listing(place: str) -> list[tuple[str, bool]]:
        with os.scandir(path / place) as entries:
            return sorted((entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries)

    if _has_modules(listing, "", units):
        return [HandIn(name_of(path), path)]
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
        return [HandIn(name_of(path), path)]  # one student's, in a file of another name
    if not may_be:
        modules = ", ".join(f"{unit}.py" for unit in units)
        raise SubmissionError(
            f"{path} holds no submission: none of {modules}, and no folder or zip that could hold them."
        )
    return _one_a_student([HandIn(name_of(entry), entry) for entry in inside])


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
        return [HandIn(name_of(path), path)]  # reading it says what is wrong
    if _has_modules(archive.listing, "", units):
        return [HandIn(name_of(path), path)]
    found = _downloaded(path, archive.listing, lambda place: archive.read(place, _MAX_METADATA))
    return found or _students_in(path, archive, units) or [HandIn(name_of(path), path)]


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
    return HandIn(_shown(student.name), path, members, student.id, student.late, handed_in=student.handed_in)


def levels_of(handed_in: HandIn, units: Units, opened: ExitStack) -> Levels:
    """The files of a hand-in, a level at a time; `opened` closes what that takes."""
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


def name_of(path: Path) -> str:
    """What a student is called whose work lies at `path`."""
    path = path.absolute()
    path = path.resolve() if path.name in ("", "..") else path
    return _shown(path.name if path.is_dir() else _stem(path.name))


def _stem(name: str) -> str:
    """A file's name without what says that it is a module or an archive."""
    end = next((end for end in (*_CLASS_OF, *_OTHER_ARCHIVES) if name.lower().endswith(end)), "")
    return name[: len(name) - len(end)]


def _shown(name: str) -> str:
    """A name for results and screens: what is not UTF-8, or not printable, is escaped, and so is what escapes."""
    text = name.replace("\\", "\\\\").encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)
