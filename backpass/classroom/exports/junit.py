"""A report in JUnit's XML: what GitLab, Jenkins and most other CI servers display of a run of tests.

GitLab reads `classname`, `name`, `file`, and the content of `failure`, `error` and `skipped`
(https://docs.gitlab.com/ci/testing/unit_test_reports/#junit-xml-format-specification); Jenkins the counts as well.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

from backpass.classroom.results import SubmissionResult
from backpass.judging.result import ExerciseResult

# The element that says what became of an exercise; a passed one has none.
_ELEMENTS = {"failed": "failure", "shortcut": "failure", "crashed": "error", "timeout": "error", "todo": "skipped"}
# What XML 1.0 has no way to write, not even escaped (https://www.w3.org/TR/xml/#charsets).
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_junit(results: Sequence[SubmissionResult], path: Path) -> None:
    """Write one test suite a submission, with one test case an exercise."""
    root = ElementTree.Element("testsuites", name="backpass")
    for result in results:
        suite = ElementTree.SubElement(root, "testsuite", _counts(result))
        properties = ElementTree.SubElement(suite, "properties")
        for name, value in (("points", result.points), ("max_points", result.max_points)):
            ElementTree.SubElement(properties, "property", name=name, value=f"{value:g}")
        for name, exercise in result.exercises.items():
            unit, _, function = name.partition(".")
            # Unique in the file: GitLab shows the first of several of the same name only.
            case = ElementTree.SubElement(
                suite, "testcase", classname=_xml(f"{result.submission}.{unit}"), name=function
            )
            _add_outcome(case, exercise)
        if result.problem is not None:
            ElementTree.SubElement(suite, "system-err").text = _xml(result.problem)
    ElementTree.indent(root)
    path.parent.mkdir(parents=True, exist_ok=True)
    ElementTree.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def _counts(result: SubmissionResult) -> dict[str, str]:
    elements = [_ELEMENTS.get(exercise.status) for exercise in result.exercises.values()]
    return {
        "name": _xml(result.submission),
        "tests": str(len(elements)),
        "failures": str(elements.count("failure")),
        "errors": str(elements.count("error")),
        "skipped": str(elements.count("skipped")),
    }


def _add_outcome(case: ElementTree.Element, exercise: ExerciseResult) -> None:
    element = _ELEMENTS.get(exercise.status)
    if element is None:
        return
    text = _xml(exercise.message)
    outcome = ElementTree.SubElement(case, element, message=text.partition("\n")[0])
    outcome.text = text
    if element != "skipped":
        outcome.set("type", exercise.mistake or exercise.status)


def _xml(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
