"""Writes a complete nbgrader course: an assignment a unit and one for the module test, and the configuration."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbformat import NotebookNode

from backpass.course.lab_files import lab_names
from backpass.course.manifest import Course, CourseError
from backpass.course.quizzes import FINAL, load_key, load_quiz, quiz_names
from backpass.course.stubs import STUBS
from backpass.labs.brief import load_lab, load_rubric
from backpass.notebooks.released import code_notebook, lab_notebook, modules_for, quiz_notebook

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
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.Marks.kit = KIT
# c.Marks.run_labs = True          # runs the code of lab write-ups, in the kit's sandbox
# c.Marks.isolation = "process"    # where the sandbox is not complete, if you accept that

c.GenerateFeedback.exporter_class = "backpass.notebooks.feedback.Page"
c.GenerateFeedback.preprocessors = [
    "backpass.notebooks.feedback.WithoutRubric",
    "nbgrader.preprocessors.GetGrades",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]

# For `nbgrader zip_collect`: zips named after students, or as Canvas and Moodle name them.
c.ZipCollectApp.strict = True
c.FileNameCollectorPlugin.valid_ext = [".ipynb", ".py"]
c.FileNameCollectorPlugin.named_regexp = {zips!r}
'''
# What comes before a submission's folder, then the student, then what Moodle or Canvas add, then the file.
_ZIPS = (
    r".*/extracted/(?!(?:.*/)?(?:\.|__MACOSX))(?P<student_id>[^/]+?)"
    r"(?:_\d+_assignsubmission_file_?|(?:_LATE)?_\d+_\d+_[^/]*)?/(?:.*/)?(?P<file_id>[^/]+)$"
)


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
    for name in (*course.unit_names, FINAL):
        assignment = folder / "source" / name
        assignment.mkdir(parents=True, exist_ok=True)
        for notebook, content in _notebooks(course, name, seed).items():
            written.append(assignment / f"{notebook}.ipynb")
            nbformat.validate(content)
            written[-1].write_text(nbformat.writes(content) + "\n", encoding="utf-8")
        if name == FINAL:
            continue
        modules[name] = [f"{unit}.py" for unit in modules_for(course, name)]
        for module in modules[name]:
            written.append(assignment / module)
            written[-1].write_bytes((course.root / "exercises" / Path(module).stem / STUBS).read_bytes())
    config = folder / CONFIG
    if not config.exists():
        listed = "".join(f"    {name!r}: {files!r},\n" for name, files in modules.items()).replace("'", '"')
        text = _TEMPLATE.format(kit=str(course.root), modules=f"{{\n{listed}}}", zips=_ZIPS)
        config.write_text(text, encoding="utf-8")
        written.append(config)
    return written


def _notebooks(course: Course, name: str, seed: str) -> dict[str, NotebookNode]:
    """The notebooks of an assignment by name. Keys and rubrics are read too, so that what is released can be marked."""
    found: dict[str, NotebookNode] = {}
    if name != FINAL:
        found["code"] = code_notebook(course, course.unit(name))
    if name in quiz_names(course):
        quiz = load_quiz(course, name, seed)
        load_key(course, quiz)
        found["quiz"] = quiz_notebook(quiz, seed)
    if name in lab_names(course):
        found["lab"] = lab_notebook(load_lab(course, name), load_rubric(course, name))
    return found
