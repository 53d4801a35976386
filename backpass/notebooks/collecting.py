"""Archives of learning platforms, as they were downloaded, laid out for nbgrader: a folder a student."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from pathlib import Path, PurePosixPath

from nbgrader.plugins import ExtractorPlugin

from backpass.course.manifest import Course
from backpass.notebooks.parts import part
from backpass.student.hand_ins import HandIn, files_of, find_submissions
from backpass.student.intake import SubmissionError
from backpass.student.submission import read_submission

_KINDS = (".ipynb", ".py")
# nbgrader does not see a student without a notebook. This one is empty: the released one is put in its place.
_PLACEHOLDER = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}


class Archives(ExtractorPlugin):
    """nbgrader's `extractor_plugin`: takes the archive of a class apart, or one archive, folder or file a student."""

    def extract(self, archive_path: str, extracted_path: str) -> None:
        """Lay out notebooks and modules of every student in a folder of their own; whoever has none is warned of."""
        course = Course.load(Path(self.config.Marks.kit))
        made_of = part(course, Path(archive_path).parent.name)  # downloaded/<assignment>/archive
        course = made_of.course if made_of and made_of.course.units else course
        students = _students(Path(archive_path), course)
        called = Counter(map(_plain_name, students))
        for hand_in in students:
            name = _plain_name(hand_in) if called[_plain_name(hand_in)] == 1 else hand_in.name
            folder = Path(extracted_path, _folder(name), _when(hand_in, course))
            folder.mkdir(parents=True, exist_ok=True)
            for form in (hand_in, *hand_in.other_forms):
                for name, content in files_of(form, _KINDS):
                    if not (folder / name).exists():
                        (folder / name).write_bytes(content)
            there = {path.name for path in folder.iterdir()}
            cells = []
            if not there:
                problem = str(read_submission(hand_in, course.functions).problem)
                self.log.warning("%s: %s", hand_in.name, problem)
                cells = [{"cell_type": "markdown", "metadata": {}, "source": problem}]
            if not any(name.endswith(".ipynb") for name in there):
                (folder / "code.ipynb").write_text(json.dumps(_PLACEHOLDER | {"cells": cells}), encoding="utf-8")
        self.log.info("%s students", len(list(Path(extracted_path).iterdir())))


def _students(folder: Path, course: Course) -> list[HandIn]:
    """The students in a folder, in which the archive of a whole class may lie."""
    if not any(folder.iterdir()):
        return []
    try:
        found = find_submissions(folder, course.functions)
    except SubmissionError:
        return []
    students: list[HandIn] = []
    for hand_in in found:
        named = [folder / name for name, _ in hand_in.members] if hand_in.path == folder else [hand_in.path]
        is_zip = len(named) == 1 and named[0].suffix.lower() == ".zip" and hand_in.student_id is None
        inside = find_submissions(named[0], course.functions) if is_zip else [hand_in]
        students += [hand_in] if len(inside) == 1 and not inside[0].members else inside
    return students


def _when(hand_in: HandIn, course: Course) -> str:
    """When it was handed in, for nbgrader to read in the path of the file; empty where nobody says so.

    Who is only said to be late comes a second after the due date: the first day of lateness.
    """
    due = course.assignment.due if course.assignment else None
    if hand_in.handed_in is not None:
        return hand_in.handed_in.isoformat()
    return (due + timedelta(seconds=1)).isoformat() if due is not None and hand_in.late else ""


def _plain_name(hand_in: HandIn) -> str:
    """The student's name without the number of the platform."""
    return hand_in.name.removesuffix(f"_{hand_in.student_id}")


def _folder(name: str) -> str:
    """A student's name as nbgrader takes it for a folder."""
    return PurePosixPath(name.replace("\\", "_")).name.strip(". ").replace("+", "_") or "nameless"
