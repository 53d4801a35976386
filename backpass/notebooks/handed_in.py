"""A notebook as it was handed in: of it only the answers are taken over, into the notebook that was released.

So it does not matter what else was changed, deleted, copied or damaged: texts, points and the cells that carry
marks are always the course's own, and all of a student's Markdown has become HTML that is safe to display.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.api import Gradebook, GradeCell

from backpass.notebooks.safe_html import plain_html, safe_html

UNREADABLE = "unreadable"  # among a notebook's metadata: why it was, empty where it was not
MAX_SIZE = 20 << 20  # bytes of a notebook that is read; a released one has some 30 thousand
MAX_CELLS = 2_000
MAX_MARKDOWN = 50_000  # characters that are read as Markdown, which takes seconds if they are chosen for it


class HandedIn(NotebookExporter):
    """nbgrader's `exporter_class` for autograding."""

    def from_filename(
        self, filename: str, resources: dict[str, Any] | None = None, **arguments: Any
    ) -> tuple[str, dict[str, Any]]:
        """Take over what is in `filename`, which may be missing or unreadable, and go on as nbgrader does."""
        path = Path(filename)
        resources = resources or ResourcesDict()
        resources["metadata"] = ResourcesDict(name=path.stem, path=str(path.parent))
        names = resources["nbgrader"]
        self._take_back_marks(names)
        courses = self.parent.coursedir
        released = Path(courses.format_path(courses.source_directory, ".", names["assignment"]), path.name)
        cells, problem = _cells(path)
        notebook = restored(nbformat.read(released, as_version=4), cells)
        marked = courses.format_path(courses.autograded_directory, names["student"], names["assignment"])
        if path.parent == Path(marked):  # nbgrader reads what was written here, to mark it
            notebook.metadata[UNREADABLE] = nbformat.read(path, as_version=4).metadata.get(UNREADABLE, "")
        elif path.is_symlink() or path.exists():
            notebook.metadata[UNREADABLE] = problem
        if problem:
            self.log.warning("%s: %s", filename, problem)
            notebook.cells.insert(0, new_markdown_cell(safe_html(f"**{problem}** Nothing of it was taken over.")))
        result: tuple[str, dict[str, Any]] = self.from_notebook_node(notebook, resources, **arguments)
        return result

    def _take_back_marks(self, names: dict[str, str]) -> None:
        """Before anything is marked: nbgrader would keep the marks of last time should marking fail."""
        submission = names["assignment"], names["student"]
        if submission == getattr(self, "_submission", None):
            return
        self._submission = submission
        with Gradebook(names["db_url"]) as gradebook:
            for notebook in gradebook.find_submission(*submission).notebooks:
                for grade in notebook.grades:
                    if isinstance(grade.cell, GradeCell):
                        grade.auto_score = None
                        grade.needs_manual_grade = True
            gradebook.db.commit()


def add_missing_notebooks(assignment: str, student: str, notebooks: list[str]) -> None:
    """nbgrader's `pre_convert_hook`: have released notebooks marked that were not handed in.

    The module beside them may have been, and its marks belong to one of them. `notebooks` is nbgrader's own
    list of what it is going to convert; the names of `assignment` and `student` may be patterns.
    """
    folder = Path(notebooks[0]).parent
    present = {Path(name).name for name in notebooks}
    released = sorted(Path("source", folder.name).glob("*.ipynb"))
    notebooks += [str(folder / path.name) for path in released if path.name not in present]


def restored(released: NotebookNode, handed_in: list[dict[str, Any]]) -> NotebookNode:
    """The released notebook with the answers of `handed_in`, and the student's own cells where they were."""
    course_cells = {name: cell for cell in released.cells if (name := _name(cell))}
    markdown_left = MAX_MARKDOWN
    answers: dict[str, str] = {}
    place = ""  # the cell of the course that the student's own cells come after
    own: dict[str, list[NotebookNode]] = {place: []}
    for cell in handed_in:
        name = _name(cell)
        course_cell = course_cells.get(name)
        if course_cell is not None:
            place = name
            own.setdefault(place, [])
            if not course_cell.metadata.nbgrader.solution:
                continue
            if name not in answers:
                answers[name] = _source(cell)
                continue
        markdown_left -= len(_source(cell)) if cell.get("cell_type") == "markdown" else 0
        own[place].append(_of_ones_own(cell, as_markdown=markdown_left >= 0))
    cells = own[""]
    for name, cell in course_cells.items():
        if name in answers:
            cell.source = answers[name]
        cells += [cell, *own.get(name, [])]
    for number, cell in enumerate(cell for cell in cells if not _name(cell)):
        cell.id = f"own-{number}"
    released.cells = cells
    return released


def _cells(path: Path) -> tuple[list[dict[str, Any]], str]:
    """The cells in a file, and what is wrong with it where it is no notebook."""
    try:
        if path.is_symlink():
            return [], f"{path.name} is a link, and links are not followed."
        size = path.stat().st_size
        if size > MAX_SIZE:
            return [], f"{path.name} has {size:,} bytes; a notebook may have {MAX_SIZE:,}."
        # A notebook of an older form is brought to the present one; what is missing or wrong in it can wait.
        content = nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)
        cells = json.loads(json.dumps(content))["cells"]
        if len(cells) > MAX_CELLS:
            return [], f"{path.name} has {len(cells):,} cells; a notebook may have {MAX_CELLS:,}."
        return [cell for cell in cells if isinstance(cell, dict)], ""
    except FileNotFoundError:
        return [], f"{path.name} was not handed in."
    except Exception as error:  # whatever a damaged file makes of the libraries that read it
        return [], f"{path.name} is not a notebook that can be read ({type(error).__name__})."


def _name(cell: dict[str, Any]) -> str:
    """nbgrader's id of a cell, which the course's own cells have; an empty text for others."""
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    name = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    return name if isinstance(name, str) else ""


def _source(cell: dict[str, Any]) -> str:
    source = cell.get("source")
    if isinstance(source, list):
        return "".join(line for line in source if isinstance(line, str))
    return source if isinstance(source, str) else ""


def _of_ones_own(cell: dict[str, Any], *, as_markdown: bool) -> NotebookNode:
    """A cell that the student has added, without its outputs and metadata."""
    if cell.get("cell_type") == "code":
        return new_code_cell(_source(cell))
    if cell.get("cell_type") == "markdown" and as_markdown:
        attachments = cell.get("attachments")
        return new_markdown_cell(safe_html(_source(cell), attachments if isinstance(attachments, dict) else None))
    return new_markdown_cell(plain_html(_source(cell)))
