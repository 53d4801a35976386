"""Files of strangers: what a folder or a zip holds, listed and read without following it anywhere."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

MAX_FILES = 10_000  # of one submission that are looked at
MAX_DEPTH = 12  # folders within folders
MAX_LISTING = 4 << 20  # bytes of a zip's list of files; 10,000 files with long names have 2 MiB
MAX_LISTING_OF_A_CLASS = 64 << 20  # the same in one zip for a whole class: 100,000 students have 40 MiB
MAX_NESTED = 32 << 20  # bytes of all zips that lie in a submission: they are read into memory
MAX_ZIPS = 10  # of one submission that are opened

_HIDDEN = (".", "__MACOSX", "__pycache__")
# Others unpack as much as they like from a few bytes, and no vendor or system packs with them by default.
_COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_UTF8_FLAG = 0x800
_ENCRYPTED_FLAG = 0x1

Levels = Iterator[list["File"]]


class SubmissionError(Exception):
    """A submission that cannot be read; the message says which file and why."""


@dataclass(frozen=True)
class File:
    """A file as it was handed in. `refusal`: why it is not read, where it is not. `read(n)`: its first n bytes."""

    path: PurePosixPath
    size: int
    read: Callable[[int], bytes]
    refusal: str | None = None


def is_hidden(name: str) -> bool:
    """Whether a file or folder is the system's or an editor's, not the student's."""
    return name.startswith(_HIDDEN)


def one_file(path: Path, name: str) -> File:
    """The file at `path`, under the name that it was handed in with."""
    try:
        status = path.lstat()
    except OSError as error:
        return File(PurePosixPath(name), 0, _nothing, f"cannot be read: {error.strerror}")
    refusal = None if stat.S_ISREG(status.st_mode) else _no_regular_file(status.st_mode)
    return File(PurePosixPath(name), status.st_size, lambda most: _first_bytes(path, most), refusal)


def folder_levels(folder: Path) -> Levels:
    """The files of a folder, from the top downwards, a level at a time and sorted. No link is followed.

    SubmissionError where there are too many to look at, or a folder cannot be listed.
    """
    if folder.is_symlink():
        raise SubmissionError(f"{folder.name} is a link, and links are not followed: hand in the folder itself.")
    above = [PurePosixPath()]
    seen = 0
    for _ in range(MAX_DEPTH):
        level: list[File] = []
        below: list[PurePosixPath] = []
        for place in above:
            try:
                with os.scandir(folder / place) as entries:
                    for entry in entries:
                        seen += 1
                        _at_most(seen)
                        if is_hidden(entry.name):
                            continue
                        if entry.is_dir(follow_symlinks=False):
                            below.append(place / entry.name)
                        level.append(one_file(Path(entry.path), str(place / entry.name)))
            except OSError as error:
                raise SubmissionError(f"{place.name or folder.name} cannot be listed: {error.strerror}.") from None
        yield sorted(level, key=lambda file: file.path)
        above = sorted(below)
        if not above:
            return


class Archive:
    """The list of files of a zip, and what is in them. SubmissionError where it is no zip that can be read."""

    def __init__(self, file: Path | BinaryIO, name: str, max_listing: int = MAX_LISTING) -> None:
        try:
            guarded = _Guarded(file.open("rb") if isinstance(file, Path) else file, name, max_listing)
            self._zip = zipfile.ZipFile(cast(BinaryIO, guarded))
            guarded.most = sys.maxsize
            self.listed = guarded.listed  # bytes of file names
        except OSError as error:
            raise SubmissionError(f"{name} cannot be read: {error.strerror or error}.") from None
        except SubmissionError:
            raise
        except Exception as error:  # whatever a damaged list of files makes of a parser
            raise SubmissionError(f"{name} is no zip, or a damaged one ({error}).") from None
        self._by_place: dict[int, dict[str, list[tuple[PurePosixPath, zipfile.ZipInfo]]]] = {}
        self._children: dict[str, dict[str, bool]] | None = None

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def listing(self, place: str) -> list[tuple[str, bool]]:
        """The names in one folder of the zip, sorted, each with whether it is a folder; the three top levels only."""
        if self._children is None:
            self._children = defaultdict(dict)
            for entry in self._zip.infolist():
                parts = _path(entry).parts
                for depth in range(min(len(parts), 3)):
                    is_folder = depth < len(parts) - 1 or entry.is_dir()
                    names = self._children["/".join(parts[:depth])]
                    names[parts[depth]] = names.get(parts[depth], False) or is_folder
        return sorted((name, is_folder) for name, is_folder in self._children.get(place, {}).items())

    def read(self, place: str, most: int) -> bytes:
        """One file of the zip, which may have so many bytes."""
        return next(limited(file, most, "it") for level in self.levels(place, place) for file in level)

    def levels(self, place: str = "", named: str = "") -> Levels:
        """The files below `place`, or the one that `place` is, named so; as `folder_levels` gives them."""
        by_depth: dict[int, list[File]] = defaultdict(list)
        for path, entry in self._below(place):
            inner = PurePosixPath(named, *path.parts[len(PurePosixPath(place).parts) :])
            if inner.parts and not any(is_hidden(part) for part in inner.parts if part != ".."):
                by_depth[len(inner.parts)].append(self._file(inner, entry))
        seen = 0
        for depth in sorted(by_depth):
            seen += len(by_depth[depth])
            _at_most(seen)
            yield sorted(by_depth[depth], key=lambda file: file.path)

    def _below(self, place: str) -> list[tuple[PurePosixPath, zipfile.ZipInfo]]:
        """A zip for a class is asked for each student: looked through once, and not once for each."""
        depth = len(PurePosixPath(place).parts)
        if depth not in self._by_place:
            found: dict[str, list[tuple[PurePosixPath, zipfile.ZipInfo]]] = defaultdict(list)
            for entry in self._zip.infolist():
                path = _path(entry)
                found["/".join(path.parts[:depth])].append((path, entry))
            self._by_place[depth] = found
        return self._by_place[depth].get(place, [])

    def _file(self, path: PurePosixPath, entry: zipfile.ZipInfo) -> File:
        mode = entry.external_attr >> 16
        refusal = None
        if entry.is_dir():
            refusal = "is a folder"
        elif path.is_absolute() or ".." in path.parts or path.parts[0].endswith(":"):
            refusal = "has a path that leads out of the zip"
        elif stat.S_IFMT(mode) not in (0, stat.S_IFREG):
            refusal = _no_regular_file(mode)
        elif entry.flag_bits & _ENCRYPTED_FLAG:
            refusal = "is encrypted: hand in a zip without a password"
        elif entry.compress_type not in _COMPRESSIONS:
            refusal = f"is compressed by method {entry.compress_type}: hand in an ordinary zip"

        def read(most: int) -> bytes:
            with self._zip.open(entry) as file:
                return file.read(most)  # a header may lie about the size

        return File(path, entry.file_size, read, refusal)


class Nested:
    """Opens zips that lie in one submission, one in the other, too, as long as they are few and small altogether."""

    def __init__(self) -> None:
        self._zips = MAX_ZIPS
        self._bytes = MAX_NESTED
        self._listing = MAX_LISTING

    @property
    def is_used_up(self) -> bool:
        """Whether none may be opened any more."""
        return not self._zips

    def open(self, file: File) -> Archive:
        """One of them; SubmissionError where it cannot be read, or is too large with those before it."""
        self._zips -= 1
        content = limited(file, self._bytes, "this zip and those behind it")
        self._bytes -= len(content)
        archive = Archive(BytesIO(content), file.path.name, self._listing)
        self._listing -= archive.listed
        return archive


def limited(file: File, most: int, what: str) -> bytes:
    """All that is in a file; SubmissionError where it is refused, cannot be read, or has more than `most` bytes."""
    if file.refusal:
        raise SubmissionError(f"{file.path.name} {file.refusal}.")
    try:
        content = file.read(most + 1) if file.size <= most else b""
    except OSError as error:
        raise SubmissionError(f"{file.path.name} cannot be read: {error.strerror or error}.") from None
    except Exception as error:  # whatever a damaged zip makes of a decompressor
        raise SubmissionError(f"{file.path.name} cannot be read: {error}.") from None
    if file.size > most or len(content) > most:
        raise SubmissionError(f"{file.path.name} has {max(file.size, len(content)):,} bytes; {what} may have {most:,}.")
    return content


def together(parts: Iterable[Levels]) -> Levels:
    """The levels of several places as those of one."""
    running = list(parts)
    while running:
        level: list[File] = []
        for part in list(running):
            try:
                level += next(part)
            except StopIteration:
                running.remove(part)
        if level:
            yield level


class _Guarded:
    """A zip's file that refuses to read a list of files so long that it would fill the memory."""

    def __init__(self, file: BinaryIO, name: str, max_listing: int) -> None:
        self._file = file
        self._name = name
        self.most = max_listing
        self.listed = 0

    def read(self, size: int = -1) -> bytes:
        if size > self.most:
            raise SubmissionError(
                f"{self._name} lists {size:,} bytes of file names; {self.most:,} are looked at. "
                "Hand in the modules, and not what they were made with."
            )
        if self.most != sys.maxsize:
            self.listed = max(size, self.listed)
        return self._file.read(size)

    def __getattr__(self, name: str) -> object:
        return getattr(self._file, name)


def _path(entry: zipfile.ZipInfo) -> PurePosixPath:
    """An entry's path. A name that is UTF-8 without saying so would else be read as a DOS code page."""
    name = entry.filename
    if not entry.flag_bits & _UTF8_FLAG and not name.isascii():
        with contextlib.suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return PurePosixPath(name.replace("\\", "/"))


def _first_bytes(path: Path, most: int) -> bytes:
    # What was a file when it was listed may be a link or a pipe by now: neither is followed or waited for.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    with open(os.open(path, flags), "rb") as file:  # noqa: PTH123 (of a descriptor)
        return file.read(most) if stat.S_ISREG(os.fstat(file.fileno()).st_mode) else b""


def _no_regular_file(mode: int) -> str:
    if stat.S_ISLNK(mode):
        return "is a link, and links are not followed: hand in the file itself"
    return "is a folder" if stat.S_ISDIR(mode) else "is no regular file"


def _at_most(seen: int) -> None:
    if seen > MAX_FILES:
        raise SubmissionError(
            f"It holds more than {MAX_FILES:,} files, and so many are not looked through. "
            "Hand in the modules, and not what they were made with."
        )


def _nothing(_: int) -> bytes:
    return b""
