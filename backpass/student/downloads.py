"""Downloads of a whole class: which files of Canvas's, Moodle's or Gradescope's are whose.

Canvas: `<name>[_LATE]_<user id>_<attachment id>_<file>`, all in one folder; `anon_<code>` where marking is anonymous,
and `-1`, `-2` behind a file's name at later uploads. github.com/instructure/canvas-lms, lib/content_zipper.rb
(get_filename, add_upload_submission).

Moodle: a folder `<full name>_<id>_assignsubmission_<plugin>` each, in older versions with a `_` at its end; without
"Download submissions in folders" the same in front of each file. github.com/moodle/moodle,
mod/assign/classes/downloader.php (get_student_prefix, load_submissionplugin_filelist).

Gradescope: a folder `submission_<id>` each, and names in `submission_metadata.yml`. Its form is not documented by the
vendor; it is a mapping from folders to `:submitters:`, each with `:name:`, `:sid:` and `:email:`, and `:created_at:`.

nbgrader: `submitted/<student>/<assignment>/`, nbgrader.readthedocs.io, "How to structure course files". Its folders
are named like students already.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from backpass.course.words import moment
from backpass.student.intake import SubmissionError

METADATA = "submission_metadata.yml"
SUBMITTED = "submitted"

_CANVAS = re.compile(
    r"(?:(?P<name>\w+?)_(?P<late>LATE_)?(?P<id>\d+)|(?P<anonymous_late>LATE_)?(?P<anonymous>anon_[^\W_]+))"
    r"_(?:(?P<attachment>\d+)_(?P<file>.+)|(?:text|link)\.html)"
)
_LATER_UPLOAD = re.compile(r"-\d+(?=\.\w+$)")
_MOODLE = re.compile(r"(?P<name>.+?)(?:_(?P<id>\d+))?_assignsubmission_(?:[a-z]+)(?:_(?P<file>.*))?")
_GRADESCOPE = re.compile(r"submission_(?P<id>\d+)")


@dataclass(frozen=True)
class Student:
    """One student's part of a download. `members`: each name in the download, and the name that the student gave it.

    A folder stands for what is in it: the student gave it no name. `id`: the vendor's, of the user or group.
    `handed_in`: when, where the vendor says so.
    """

    name: str
    id: str | None
    late: bool
    members: tuple[tuple[str, str], ...]
    handed_in: datetime | None = None


def by_student(listing: Iterable[tuple[str, bool]], read_metadata: Callable[[], bytes]) -> list[Student]:
    """The students of a download, in the order of their names; none where it has no vendor's form.

    `listing`: the names in its folder, each with whether it is a folder.
    """
    names = dict(listing)
    submitters, times = _submitters(read_metadata()) if METADATA in names else ({}, {})
    found: dict[tuple[str, str | None], list[tuple[int, bool, tuple[str, str]]]] = {}
    for name, is_folder in names.items():
        whose = (
            _gradescope(name, submitters) if METADATA in names else _moodle(name, is_folder) or _canvas(name, is_folder)
        )
        if whose is not None:
            student, number, order, late, file = whose
            found.setdefault((student, number), []).append((order, late, (name, file)))
    return [
        Student(
            "_".join(filter(None, key)),
            key[1],
            any(late for _, late, _ in files),
            # The last upload first: it is the one that counts.
            tuple(member for _, _, member in sorted(files, reverse=True)),
            max((times[name] for _, _, (name, _) in files if name in times), default=None),
        )
        for key, files in sorted(found.items(), key=lambda item: (item[0][0], item[0][1] or ""))
    ]


_Whose = tuple[str, str | None, int, bool, str]  # name, id, order of upload, late, name of the file


def _canvas(name: str, is_folder: bool) -> _Whose | None:
    match = None if is_folder else _CANVAS.fullmatch(name)
    if match is None:
        return None
    late = bool(match["late"] or match["anonymous_late"])
    student = (match["name"], match["id"]) if match["name"] else (match["anonymous"], None)
    file = _LATER_UPLOAD.sub("", match["file"] or name)
    return *student, int(match["attachment"] or 0), late, file


def _moodle(name: str, is_folder: bool) -> _Whose | None:
    match = _MOODLE.fullmatch(name)
    if match is None or (not is_folder and not match["file"]):
        return None
    return match["name"], match["id"], 0, False, "" if is_folder else match["file"]


def _gradescope(name: str, submitters: dict[str, tuple[str, str]]) -> _Whose | None:
    match = _GRADESCOPE.fullmatch(name)
    if match is None:
        return None
    student, number = submitters.get(name, ("submission", ""))
    return student, number or match["id"], 0, False, ""


def _submitters(metadata: bytes) -> tuple[dict[str, tuple[str, str]], dict[str, datetime]]:
    """Folder to the name and the ID of who submitted it, or all their names and no ID where it is a group; and when."""
    try:
        import yaml
    except ImportError:
        raise SubmissionError(
            f"The names of the students are in {METADATA}: `pip install pyyaml` lets backpass read them. "
            "Without that file submissions are called by their numbers."
        ) from None
    try:
        # Text only: Gradescope writes types of Ruby's, which mean nothing here.
        parsed: Any = yaml.load(metadata, getattr(yaml, "CBaseLoader", yaml.BaseLoader))
        times = {folder: moment(str(entry.get(":created_at"))) for folder, entry in parsed.items()}
        return {
            folder: (
                ", ".join(str(submitter[":name"]) for submitter in entry[":submitters"]),
                str(entry[":submitters"][0].get(":sid") or "") if len(entry[":submitters"]) == 1 else "",
            )
            for folder, entry in parsed.items()
            if entry.get(":submitters")
        }, {folder: when.replace(tzinfo=when.tzinfo or UTC) for folder, when in times.items() if when is not None}
    except (yaml.YAMLError, UnicodeError, AttributeError, KeyError, TypeError) as error:
        raise SubmissionError(
            f"{METADATA} does not say who submitted what ({type(error).__name__}: {error})."
        ) from None
