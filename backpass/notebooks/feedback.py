"""What a student gets back: marks, messages and comments, and not the rubric that the marker has read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors.base import NbGraderPreprocessor
from nbgrader.utils import is_task
from traitlets.config import Config

from backpass.course.quizzes import FINAL, TO_PASS
from backpass.notebooks.marks import RUBRIC


class WithoutRubric(NbGraderPreprocessor):
    """nbgrader's preprocessor: of a lab's criteria only the names go to the student, and what a test takes to pass."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        is_test = resources["nbgrader"]["assignment"].endswith(f"-{FINAL}")
        resources["to_pass"] = TO_PASS if is_test else None
        with Gradebook(resources["nbgrader"]["db_url"]) as gradebook:
            names = resources["nbgrader"]
            notebook = gradebook.find_submission_notebook(names["notebook"], names["assignment"], names["student"])
            self._not_yet = {each.name for each in notebook.grades if each.needs_manual_grade}
        resources["not_yet"] = len(self._not_yet)
        result: tuple[NotebookNode, dict[str, Any]] = super().preprocess(nb, resources)
        return result

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        if cell.metadata.get("nbgrader", {}).get("grade_id") in self._not_yet and "backpass" in cell.metadata:
            cell.metadata["backpass"]["not_yet"] = True
        if is_task(cell):
            cell.source = cell.source.partition(RUBRIC)[0]
        return cell, resources


class Page(HTMLExporter):
    """nbgrader's `exporter_class` for feedback: each mark under the name of what it is for, with its message."""

    @property
    def default_config(self) -> Config:
        templates = str(Path(__file__).parent / "templates")
        config = Config(Page={"template_name": "marked", "extra_template_basedirs": [templates]})
        config.merge(super().default_config)
        return config
