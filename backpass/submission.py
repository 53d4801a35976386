"""What arrives: the source of each unit, from a folder, a zip or a single file."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

MAX_SOURCE = 1 << 20  # bytes of one module; a unit's solution has a few thousand
MAX_ENTRIES = 10_000  # files of a zip or folder that are looked at

_HIDDEN = ("__MACOSX", "__pycache__")


class SubmissionError(Exception):
    """A submission that cannot be read; the message says which file and why."""


@dataclass(frozen=True)
class Submission:
    """One student's work: `sources` maps the name of a unit to its bytes; a unit may be missing."""

    name: str
    sources: dict[str, bytes] = field(default_factory=dict, repr=False)
    problem: str | None = None


def find_submissions(path: Path, units: tuple[str, ...]) -> list[Path]:
    """The submissions at `path`: itself if it is one, else each folder and zip in it, sorted by name.

    A folder is a submission when a unit's module lies in it or in its `starter/`.
    """
    if not path.exists():
        raise SubmissionError(f"There is no {path}.")
    if not path.is_dir() or _modules(path, units) or _modules(path / "starter", units):
        return [path]
    inside = sorted(entry for entry in path.iterdir() if not entry.name.startswith((".", *_HIDDEN)))
    found = [entry for entry in inside if entry.is_dir() or entry.suffix.lower() == ".zip"]
    if not found:
        modules = ", ".join(f"{unit}.py" for unit in units)
        raise SubmissionError(
            f"{path} holds no submission: none of {modules}, and no folder or zip that could hold them."
        )
    return found


def read_submission(path: Path, units: tuple[str, ...], name: str | None = None) -> Submission:
    """The submission at `path`. What cannot be read is said in `problem`, never raised."""
    name = name or (path.stem if path.suffix.lower() in (".zip", ".py") else path.name)
    try:
        return Submission(name, dict(_sources(path, units)))
    except SubmissionError as error:
        return Submission(name, problem=str(error))
    except (OSError, zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, ValueError) as error:
        return Submission(name, problem=f"{path.name} cannot be read: {error}")


def _sources(path: Path, units: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    if path.is_dir():
        for unit, file in _unit_files(path, units).items():
            yield unit, _limited(file.name, file.stat().st_size, file.read_bytes)
    elif path.suffix.lower() == ".zip":
        yield from _zip_sources(path, units)
    elif path.stem in units and path.suffix == ".py":
        yield path.stem, _limited(path.name, path.stat().st_size, path.read_bytes)
    else:
        expected = ", ".join(f"{unit}.py" for unit in units)
        raise SubmissionError(f"{path.name} is no submission: expected a folder, a .zip, or one of {expected}.")


def _zip_sources(path: Path, units: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
        if len(entries) > MAX_ENTRIES:
            raise SubmissionError(f"{path.name} holds {len(entries)} files; at most {MAX_ENTRIES} are looked at.")
        by_unit: dict[str, zipfile.ZipInfo] = {}
        for entry in sorted(entries, key=lambda entry: (entry.filename.count("/"), entry.filename)):
            inner = PurePosixPath(entry.filename.replace("\\", "/"))
            hidden = any(part.startswith((".", *_HIDDEN)) for part in inner.parts)
            if inner.suffix == ".py" and inner.stem in units and not hidden and not entry.is_dir():
                by_unit.setdefault(inner.stem, entry)  # the one nearest to the top
        for unit, entry in by_unit.items():

            def read(entry: zipfile.ZipInfo = entry) -> bytes:
                with archive.open(entry) as file:
                    return file.read(MAX_SOURCE + 1)  # a header may lie about the size

            yield unit, _limited(entry.filename, entry.file_size, read)


def _unit_files(folder: Path, units: tuple[str, ...]) -> dict[str, Path]:
    """The modules of a submission folder: in it, in its `starter/`, or in its only subfolder; no link is followed."""
    places = [folder, folder / "starter"]
    subfolders = [entry for entry in folder.iterdir() if entry.is_dir() and not entry.name.startswith((".", *_HIDDEN))]
    if len(subfolders) == 1 and not subfolders[0].is_symlink():
        places += [subfolders[0], subfolders[0] / "starter"]
    places[1:] = [place for place in places[1:] if not place.is_symlink()]
    return next((found for place in places if (found := _modules(place, units))), {})


def _modules(folder: Path, units: tuple[str, ...]) -> dict[str, Path]:
    """The units' modules in one folder; links are not followed."""
    files = {unit: folder / f"{unit}.py" for unit in units}
    return {unit: file for unit, file in files.items() if file.is_file() and not file.is_symlink()}


def _limited(name: str, size: int, read: Callable[[], bytes]) -> bytes:
    content = read() if size <= MAX_SOURCE else b""
    if size > MAX_SOURCE or len(content) > MAX_SOURCE:
        raise SubmissionError(f"{name} has {max(size, len(content)):,} bytes; a module may have {MAX_SOURCE:,}.")
    return content
