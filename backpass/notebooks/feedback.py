"""What a student gets back: marks, messages and comments, and not the rubric that the marker has read."""

from __future__ import annotations

from typing import Any

from nbformat import NotebookNode
from nbgrader.preprocessors.base import NbGraderPreprocessor
from nbgrader.utils import is_task

from backpass.notebooks.marks import RUBRIC


class WithoutRubric(NbGraderPreprocessor):
    """nbgrader's preprocessor: of a lab's criteria only the names go to the student."""

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        if is_task(cell):
            cell.source = cell.source.partition(RUBRIC)[0]
        return cell, resources
