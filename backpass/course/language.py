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
COURSE, MACHINERY = "texts", "backpass"  # domains: a unit's own texts, and those of this package

_language = ENGLISH


def use(language: str) -> None:
    """From now on, tell things in this language."""
    global _language
    _language = language


def tr(text: str, **values: object) -> str:
    """A text of the machinery's in the language in use, with `values` in the place of its {names}."""
    told: str = _translations(_package(), MACHINERY, _language).gettext(text)
    return told.format(**values) if values else told


class Texts:
    """Translates the texts of one folder of the course, known by their ids."""

    def __init__(self, folder: Path) -> None:
        self._translations = _translations(folder, COURSE, _language)

    def __call__(self, id: str, text: str) -> str:
        told: str = self._translations.pgettext(id, text) if text else text  # the id of nothing is the file's header
        return told


def _package() -> Path:
    return Path(__file__).resolve().parents[1]


@cache
def _translations(folder: Path, domain: str, language: str) -> Any:
    if language == ENGLISH:
        return gettext.NullTranslations()
    return gettext.translation(domain, folder / LOCALE, [language], fallback=True)
