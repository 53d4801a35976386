"""Writes a complete nbgrader course: an assignment a unit and one for the module test, and the configuration."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook

from backpass.course.lab_files import scripts
from backpass.course.manifest import Course, CourseError
from backpass.course.quizzes import load_key, load_quiz
from backpass.course.stubs import STUBS
from backpass.labs.brief import load_lab, load_rubric
from backpass.notebooks.parts import LAB, QUIZ, Part, parts
from backpass.notebooks.released import code_notebook, lab_notebook, modules_of, quiz_notebook

CONFIG = "nbgrader_config.py"
_TEMPLATE = '''"""nbgrader for this course, written by `backpass notebooks`. Yours to extend: it is not overwritten."""

from pathlib import Path

c = get_config()  # noqa: F821

KIT = {kit!r}
MODULES = {modules}

c.CourseDirectory.root = str(Path(__file__).parent)
c.CourseDirectory.course_id = "backpass"

# The notebooks hold no solutions: answer cells are released as they are.
c.GenerateAssignment.preprocessors = [
    "nbgrader.preprocessors.LockCells",
    "nbgrader.preprocessors.CheckCellMetadata",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.SaveCells",
    "nbgrader.preprocessors.ClearHiddenTests",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# Marks are computed by the kit, and no code of a student's runs in a kernel. Of what was handed in, only
# answers are taken over, whatever else was changed or deleted.
c.Autograde.exporter_class = "backpass.notebooks.handed_in.HandedIn"
c.Autograde.pre_convert_hook = "backpass.notebooks.handed_in.add_missing_notebooks"
c.Autograde.exclude_overwriting = MODULES
c.Autograde.autograde_preprocessors = [
    "backpass.notebooks.marks.Marks",
    "nbgrader.preprocessors.LimitOutput",
    "backpass.notebooks.marks.SaveMarks",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.Marks.kit = KIT
c.AssignLatePenalties.plugin_class = "backpass.notebooks.lateness.LatePenalty"
# c.Marks.run_labs = True          # runs the code of lab write-ups, in the kit's sandbox
# c.Marks.isolation = "process"    # where the sandbox is not complete, if you accept that

c.GenerateFeedback.exporter_class = "backpass.notebooks.feedback.Page"
c.GenerateFeedback.preprocessors = [
    "backpass.notebooks.feedback.WithoutRubric",
    "nbgrader.preprocessors.GetGrades",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]

# Marks in grades.csv: what could not be read, or was not handed in, is an empty cell.
c.ExportApp.plugin_class = "backpass.notebooks.grades.Grades"
# c.Grades.unreadable_as_zero = True

# For `nbgrader zip_collect`: downloads as Canvas and Moodle give them, unopened or not, or an archive a student.
c.ZipCollectApp.extractor_plugin = "backpass.notebooks.collecting.Archives"
c.ZipCollectApp.strict = True
c.FileNameCollectorPlugin.valid_ext = [".ipynb", ".py"]
c.FileNameCollectorPlugin.named_regexp = {zips!r}
'''
_ZIPS = r".*/extracted/(?P<student_id>[^/]+)/(?:(?P<timestamp>[^/]+)/)?(?P<file_id>[^/]+)$"
_CHECKS = Path(__file__).parent / "templates" / "checks.py"


def write_course(course: Course, folder: Path, seed: str = "") -> list[Path]:
    """Write `folder`/source and the configuration; what was written. `seed`: which questions and numbers quizzes have.

    Notebooks are written anew; a configuration that is there is kept. CourseError where a text of the course is
    missing or not valid, or `folder` is a file.
    """
    if folder.exists() and not folder.is_dir():
        raise CourseError(f"{folder} is a file: give a folder for the nbgrader course.")
    if folder.resolve() == course.root.resolve():
        raise CourseError(f"{folder} is the kit itself: give a folder of its own.")
    written: list[Path] = []
    modules: dict[str, list[str]] = {}
    for part in parts(course):
        name = part.name
        assignment = folder / "source" / name
        assignment.mkdir(parents=True, exist_ok=True)
        for notebook, content in _notebooks(part, seed).items():
            written.append(assignment / f"{notebook}.ipynb")
            nbformat.validate(content)
            written[-1].write_text(nbformat.writes(content) + "\n", encoding="utf-8")
        if not part.course.units:
            continue
        written.append(assignment / _CHECKS.name)
        written[-1].write_bytes(_CHECKS.read_bytes())
        modules[name] = modules_of(part)
        for module in modules[name]:
            written.append(assignment / module)
            written[-1].write_bytes((course.root / "exercises" / Path(module).stem / STUBS).read_bytes())
        for script in (script for unit in part.labs for script in scripts(course, unit)):
            written.append(assignment / script.name)
            written[-1].write_bytes(script.read_bytes())
    config = folder / CONFIG
    if not config.exists():
        listed = "".join(f"    {name!r}: {files!r},\n" for name, files in modules.items()).replace("'", '"')
        text = _TEMPLATE.format(kit=str(course.root), modules=f"{{\n{listed}}}", zips=_ZIPS)
        config.write_text(text, encoding="utf-8")
        written.append(config)
    _note_dates(course, folder)
    return written


def _note_dates(course: Course, folder: Path) -> None:
    """Tell the gradebook when assignments are due: nbgrader lists them by that, and knows what is late."""
    dates = {each.name: each.due for each in course.assignments if each.due is not None}
    if dates:
        with Gradebook(f"sqlite:///{folder.resolve() / 'gradebook.db'}") as gradebook:
            for name, due in dates.items():
                gradebook.update_or_create_assignment(name, duedate=due.isoformat())


def _notebooks(part: Part, seed: str) -> dict[str, NotebookNode]:
    """The notebooks of an assignment by name. Keys and rubrics are read too, so that what is released can be marked."""
    found: dict[str, NotebookNode] = {}
    for name, (kind, unit) in part.notebooks.items():
        if kind == QUIZ:
            quiz = load_quiz(part.course, unit, seed)
            load_key(part.course, quiz)
            found[name] = quiz_notebook(quiz, seed)
        elif kind == LAB:
            found[name] = lab_notebook(load_lab(part.course, unit), load_rubric(part.course, unit))
        else:
            found[name] = code_notebook(part)
    return found
