"""What there is to translate, as gettext's PO files: the units' texts by their ids, and the machinery's.

A `texts.po` (or `backpass.po`) is what translators edit, with any editor for PO files; the `.mo` beside it, which is
what is read, is derived from it.
"""

from __future__ import annotations

import ast
import inspect
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from backpass.course.language import COURSE, ENGLISH, LOCALE, MACHINERY, SHARED
from backpass.course.manifest import Course, CourseError, Unit
from backpass.course.quizzes import FINAL, key_texts, quiz_names, whole_bank
from backpass.course.stubs import docstrings
from backpass.explaining.rows import FILE, ROLES, texts_of

Text = tuple[str, str]  # an id and what it says


def translate(root: Path, language: str, unit: str | None = None) -> Iterator[tuple[Path, int, int]]:
    """Write the PO files of a language, of one unit or all: each with how many of its texts are translated.

    What was translated stays; a text that has changed since is marked as fuzzy, and told in English until it is
    looked at again.
    """
    if not language.isidentifier():
        raise CourseError(f"{language!r} is no language: use a code like de or pt_BR.")
    course = Course.load(root, ENGLISH)
    for folder, texts in _texts(course, [course.unit(unit)] if unit else list(course.units)):
        template = Catalog(domain=COURSE, project=course.title)
        for id, text in texts:
            template.add(text, context=id)
        if folder.name in SHARED:
            _add_python(template, folder)
        if len(template):
            yield _written(folder, COURSE, language, template)
    package = root / "backpass"
    if package.is_dir():
        template = Catalog(domain=MACHINERY, project=MACHINERY)
        _add_python(template, package)
        yield _written(package, MACHINERY, language, template)


def _texts(course: Course, units: list[Unit]) -> Iterator[tuple[Path, list[Text]]]:
    """The folders of the course with the texts that lie in each; those of one folder whole, whatever the units."""
    keys: list[Text] = []
    quizzes: dict[str, list[Text]] = {}
    for name in quiz_names(course):
        quiz = whole_bank(course, name)
        quizzes[name] = [("quiz", quiz.title)]
        for question in quiz.questions:
            quizzes[name].append((f"quiz.{question.id}", question.text))
            quizzes[name] += [(f"quiz.{question.id}.{letter}", text) for letter, text in question.choices.items()]
        keys += key_texts(course, name)
    for unit in units:
        public = [(unit.name, unit.title)]
        for exercise in unit.exercises:
            public.append((f"{exercise.name}.title", exercise.title))
            public += [(f"{exercise.name}.hints.{number}", hint) for number, hint in enumerate(exercise.hints, start=1)]
        stubs = course.root / "starter" / f"{unit.name}.py"
        for id, node in docstrings(stubs.read_text(encoding="utf-8")) if stubs.is_file() else ():
            public.append((id, inspect.cleandoc(str(node.value))))
        yield course.root / "exercises" / unit.name, public + quizzes.get(unit.name, [])
        yield course.root / "graders" / unit.name, texts_of(course.root / "graders" / unit.name / FILE)
    if FINAL in quizzes and len(units) == len(course.units):
        yield course.root / "exercises" / FINAL, quizzes[FINAL]
    yield course.root / "solutions" / "quizzes", keys
    yield course.root / "exercises", [("title", course.title)]
    yield course.root / "graders", texts_of(course.root / "graders" / ROLES)


def _add_python(template: Catalog, folder: Path) -> None:
    """Add what Python files tell, which has no ids: calls of `tr` and `later`, and docstrings of accepted answers."""
    found = extract_from_dir(
        folder, method_map=[("**.py", "python")], keywords={"tr": None, "later": None, "corner": (2,)}
    )
    for file, _, text, *_ in found:
        template.add(text, locations=[(file, 0)])
    for path in sorted(folder.glob("*/accepted.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.decorator_list and (text := ast.get_docstring(node)):
                template.add(" ".join(text.split()), locations=[(str(path.relative_to(folder)), 0)])


def _written(folder: Path, domain: str, language: str, template: Catalog) -> tuple[Path, int, int]:
    path = folder / LOCALE / language / "LC_MESSAGES" / f"{domain}.po"
    catalogue = Catalog(locale=language, domain=domain, project=template.project, fuzzy=False)
    catalogue.header_comment = f"# {template.project}: {catalogue.locale.get_display_name(ENGLISH)}"
    if path.is_file():
        with path.open("rb") as file:
            catalogue = read_po(file, locale=language, domain=domain)
    template.creation_date = catalogue.creation_date  # a file changes where its texts do
    catalogue.update(template)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=120)
    path.with_suffix(".mo").write_bytes(compiled(path))
    told = [message for message in catalogue if message.id]
    return path, sum(bool(message.string) and not message.fuzzy for message in told), len(told)


def compiled(path: Path) -> bytes:
    """What a PO file comes to as the MO file that is read."""
    with path.open("rb") as file:
        catalogue: Any = read_po(file)
    written = io.BytesIO()
    write_mo(written, catalogue)
    return written.getvalue()
