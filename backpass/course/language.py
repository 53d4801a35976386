"""The language that students are told things in: gettext's catalogues, beside the texts that they translate.

English stands where it is used, and is what is told where a text has no translation. `language = "de"` in
`course.toml` asks for another language; `backpass translate de` writes what there is to translate.
"""

from __future__ import annotations

import gettext
from functools import cache
from pathlib import Path
from typing import Any

ENGLISH = "en"
LOCALE = "locale"  # the folder of translations, as gettext wants it: <language>/LC_MESSAGES/<domain>.mo
COURSE, MACHINERY = "texts", "backpass"  # domains: the course's own texts, and those of this package
SHARED = ("exercises", "graders")  # folders of the course: what Python files in them tell lies in their own `locale`

_PACKAGE = Path(__file__).resolve().parents[1]
_language = ENGLISH
_course: Path | None = None


def use(language: str, course: Path | None = None) -> None:
    """From now on, tell things in this language, those that Python files of the folder `course` tell as well."""
    global _language, _course
    _language, _course = language, course


def tr(text: str, /, **values: object) -> str:
    """A text of Python's in the language in use, with `values` in the place of its {names}."""
    told: str = _of_python(_language, _course).gettext(text) if _language != ENGLISH and text else text
    return told.format(**values) if values else told


def later(text: str) -> str:
    """Marks a text that is told by `tr` later on, such as one of a table: it is to be translated, too."""
    return text


class Texts:
    """Translates the texts of one folder of the course, known by their ids."""

    def __init__(self, folder: Path) -> None:
        self._translations = _translations(folder, COURSE, _language)

    def __call__(self, id: str, text: str) -> str:
        told: str = self._translations.pgettext(id, text) if text else text  # the id of nothing is the file's header
        return told


@cache
def _of_python(language: str, course: Path | None) -> Any:
    found = _translations(_PACKAGE, MACHINERY, language)
    if course is not None:
        for folder in SHARED:
            found.add_fallback(_translations(course / folder, COURSE, language))
    return found


def _translations(folder: Path, domain: str, language: str) -> Any:
    if language == ENGLISH:
        return gettext.NullTranslations()
    return gettext.translation(domain, folder / LOCALE, [language], fallback=True)
