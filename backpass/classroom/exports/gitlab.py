"""GitLab's code quality report: the wrong exercises of one submission, at their lines in a merge request.

The form: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format, a part of Code Climate's.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from backpass.classroom.exports.places import file_of, line_in
from backpass.classroom.results import SubmissionResult
from backpass.judging.result import ExerciseResult

# Of GitLab's info, minor, major, critical and blocker: what answers and is wrong weighs less than what never answers.
_SEVERITIES = {"failed": "major", "shortcut": "major", "crashed": "critical", "timeout": "critical"}


def write_code_quality(result: SubmissionResult, folder: Path, path: Path) -> None:
    """Write the report of one submission, whose modules are in `folder`; an empty list where nothing is wrong."""
    entries = [_entry(id, each, file_of(id, folder)) for id, each in result.wrong()]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(entries, indent=1) + "\n", encoding="ascii")


def _entry(id: str, result: ExerciseResult, file: str) -> dict[str, Any]:
    check = result.mistake or result.status
    # GitLab displays one line of text, in which there is no room for the case.
    description = f"{id}: {result.message.partition(chr(10))[0]}"
    return {
        # Half of a pair of surrogates, which a message may quote, is no text for GitLab's parser.
        "description": description.encode("utf-8", "replace").decode("utf-8"),
        "check_name": check,
        # By what is wrong, not where: a mistake stays the same one in the next push when it has moved by a line.
        "fingerprint": hashlib.sha256(f"{id} {check}".encode("utf-8", "replace")).hexdigest(),
        "severity": _SEVERITIES[result.status],
        "location": {"path": file, "lines": {"begin": line_in(file, id, result)}},
    }
