"""What there is to translate, as gettext's PO files: the units' texts by their ids, and the machinery's.

A `texts.po` (or `backpass.po`) is what translators edit, with any editor for PO files; the `.mo` beside it, which is
what is read, is derived from it.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from backpass.course.language import COURSE, LOCALE, MACHINERY
from backpass.course.manifest import Course, CourseError, Unit
from backpass.course.quizzes import load_key, load_quiz, quiz_names
from backpass.explaining.rows import FILE, ROLES, texts_of

Text = tuple[str, str]  # an id and what it says


def translate(course: Course, language: str, units: list[Unit]) -> Iterator[tuple[Path, int, int]]:
    """Write the PO files of a language: each with how many of its texts are translated.

    What was translated stays; a text that has changed since is marked as fuzzy, and told in English until it is
    looked at again.
    """
    if not language.isidentifier():
        raise CourseError(f"{language!r} is no language: use a code like de or pt_BR.")
    for folder, texts in _texts(course, units):
        template = Catalog(domain=COURSE, project=course.title)
        for id, text in texts:
            template.add(text, context=id)
        if texts:
            yield _written(folder, COURSE, language, template)
    package = course.root / "backpass"
    if package.is_dir():
        yield _written(package, MACHINERY, language, _machinery(package))


def _texts(course: Course, units: list[Unit]) -> Iterator[tuple[Path, list[Text]]]:
    """The folders of the course with the texts that lie in each."""
    keys: list[Text] = []
    for unit in units:
        public = [(unit.name, unit.title)]
        for exercise in unit.exercises:
            public.append((f"{exercise.name}.title", exercise.title))
            public += [(f"{exercise.name}.hints.{number}", hint) for number, hint in enumerate(exercise.hints, start=1)]
        if unit.name in quiz_names(course):
            quiz = load_quiz(course, unit.name)
            public.append(("quiz", quiz.title))
            for question in quiz.questions:
                public.append((f"quiz.{question.id}", question.text))
                public += [(f"quiz.{question.id}.{letter}", text) for letter, text in question.choices.items()]
            for id, key in load_key(course, quiz).items():
                told = {**key.why, **{str(value): text for value, text in key.slips}}
                keys += [(f"{unit.name}.{id}.{answer}", text) for answer, text in told.items()]
        yield course.root / "exercises" / unit.name, public
        yield course.root / "graders" / unit.name, texts_of(course.root / "graders" / unit.name / FILE)
    yield course.root / "solutions" / "quizzes", keys
    yield course.root / "graders", texts_of(course.root / "graders" / ROLES)


def _machinery(package: Path) -> Catalog:
    template = Catalog(domain=MACHINERY, project=MACHINERY)
    for file, line, text, *_ in extract_from_dir(package, method_map=[("**.py", "python")], keywords={"tr": None}):
        template.add(text, locations=[(file, line)])
    return template


def _written(folder: Path, domain: str, language: str, template: Catalog) -> tuple[Path, int, int]:
    path = folder / LOCALE / language / "LC_MESSAGES" / f"{domain}.po"
    catalogue = Catalog(locale=language, domain=domain, project=template.project, fuzzy=False)
    if path.is_file():
        with path.open("rb") as file:
            catalogue = read_po(file, locale=language, domain=domain)
    catalogue.update(template)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=120, omit_header=False, include_previous=True)
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
