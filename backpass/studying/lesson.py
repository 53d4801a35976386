"""`backpass lesson`: the lessons as pages, with the pictures that a terminal does not show."""

from __future__ import annotations

import re
import webbrowser
from html import escape
from itertools import pairwise
from pathlib import Path
from string import Template
from typing import Annotated

import typer
from markdown_it import MarkdownIt
from markdown_it.token import Token

from backpass.course.manifest import Course, CourseError
from backpass.studying.progress import Progress
from backpass.terminal import console, course_here, markdown, stop

FOLDER = "lessons"
_GLOSSARY = "GLOSSARY"
_PICTURE = re.compile(r"!\[([^]]*)\]\([^)]*\)")
_LESSON = re.compile(r"(?:\.\./)?(\w+)/README(?:\.\w+)?\.md(#.*)?")
_WORD = re.compile(r"\.\./GLOSSARY\.md(#.*)?")
_PAGE = Template("""\
<!DOCTYPE html>
<html lang="$language">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title</title>
<style>
:root { color-scheme: light dark; --line: light-dark(#d5dae0, #363d46); --quiet: light-dark(#f6f7f9, #1d2127); }
body { margin: 0 auto; padding: 1.5rem 1rem 5rem; max-width: 46rem; font: 1.05rem/1.6 system-ui, sans-serif; }
h1, h2, h3 { line-height: 1.25; text-wrap: balance; }
h2 { margin-top: 2.5rem; }
h3 { margin-bottom: 0; }
h3 + p { margin-top: .25rem; }
a { color: light-dark(#0b57a4, #86b9f2); }
img { display: block; max-width: 100%; margin: 1rem auto; background: #fff; border-radius: 6px; }
code, pre { font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .9em; }
pre { padding: .7rem .9rem; overflow-x: auto; line-height: 1.45; }
pre, details { border: 1px solid var(--line); border-radius: 6px; background: var(--quiet); }
details { padding: .4rem .9rem; }
summary { cursor: pointer; font-weight: 600; }
table { border-collapse: collapse; }
th, td { padding: .3rem .7rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
nav { display: flex; flex-wrap: wrap; gap: .25rem 1rem; font-size: .9rem; }
</style>
</head>
<body>
<nav>$links</nav>
$text
<nav>$links</nav>
</body>
</html>
""")


def lesson(
    name: Annotated[
        str | None, typer.Argument(metavar="[UNIT]", help="A unit or an exercise. The unit where you are by default.")
    ] = None,
) -> None:
    """Open the lesson of a unit in your browser, with its pictures; without a browser, read it here."""
    course = course_here()
    try:
        unit = _unit(course, name)
        pages = write_pages(course, course.root / FOLDER)
    except (CourseError, OSError) as error:
        raise stop(error) from None
    page = pages[unit]
    if webbrowser.open(page.as_uri()):
        console.print(f"The lesson is in your browser: {page}", highlight=False, soft_wrap=True)
        return
    text = (course.root / course.lesson(unit)).read_text(encoding="utf-8")
    with console.pager():
        console.print(markdown(_PICTURE.sub(r"(Picture: \1)", text)))
    console.print(f"With its pictures, for a browser: {page}", highlight=False, soft_wrap=True)


def write_pages(course: Course, folder: Path) -> dict[str, Path]:
    """Write the lesson of each unit, and the glossary, into a folder beside `exercises/`; the pages by unit."""
    folder.mkdir(exist_ok=True)
    sources = {unit: course.root / course.lesson(unit) for unit in course.unit_names}
    glossary = course.root / "exercises" / f"{_GLOSSARY}.md"
    sources |= {_GLOSSARY: glossary} if glossary.is_file() else {}
    links = " ".join(f'<a href="{unit}.html">{escape(_titled(unit))}</a>' for unit in sources)
    pages = {}
    for unit, source in sources.items():
        pages[unit] = folder / f"{unit}.html"
        title, text = _html(source.read_text(encoding="utf-8"), f"../exercises/{unit}/")
        whole = _PAGE.substitute(language=course.language, title=escape(title), text=text, links=links)
        pages[unit].write_text(whole, encoding="utf-8")
    return pages


def _unit(course: Course, name: str | None) -> str:
    if name in course.unit_names:
        return str(name)
    chosen = Progress(course).current if name is None else course.exercise(name)
    return chosen.unit if chosen is not None else course.units[-1].name


def _titled(unit: str) -> str:
    return unit.capitalize().replace("_", " ")


def _html(markdown: str, files: str) -> tuple[str, str]:
    """The title of a lesson, and its text as HTML; pictures are in `files`, and what it links to is beside it."""
    reader = MarkdownIt().enable("table")
    tokens = reader.parse(markdown)
    title = ""
    for heading, inside in pairwise(tokens):
        if heading.type == "heading_open":
            title = title or inside.content
            heading.attrSet("id", re.sub(r"[^\w-]", "", inside.content.casefold().replace(" ", "-")))
    for each in _with_children(tokens):
        if each.type == "image":
            each.attrSet("src", files + str(each.attrGet("src")))
        elif each.type == "link_open":
            each.attrSet("href", _address(str(each.attrGet("href")), files))
    return title, reader.renderer.render(tokens, reader.options, {})


def _with_children(tokens: list[Token]) -> list[Token]:
    return [each for token in tokens for each in (token, *(token.children or ()))]


def _address(link: str, files: str) -> str:
    if found := _LESSON.fullmatch(link):
        return f"{found[1]}.html{found[2] or ''}"
    if found := _WORD.fullmatch(link):
        return f"{_GLOSSARY}.html{found[1] or ''}"
    return link if re.match(r"#|\w+:", link) else files + link
