"""The lessons hang together: links lead somewhere, pictures say in words what they show, the glossary is in order."""

import re

import pytest

from backpass.course.manifest import Course, find_root

COURSE = Course.load(find_root())
EXERCISES = COURSE.root / "exercises"
GLOSSARY = (EXERCISES / "GLOSSARY.md").read_text()
TERMS = re.findall(r"^### (.+)$", GLOSSARY, re.MULTILINE)
LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)")


def anchor(term):
    return re.sub(r"[^\w\- ]", "", term.lower()).replace(" ", "-")


@pytest.mark.parametrize("text", [*COURSE.unit_names, ""])
def test_links_lead_somewhere_and_pictures_are_described(text):
    folder = EXERCISES / text
    for picture, words, target in LINK.findall((folder / ("README.md" if text else "GLOSSARY.md")).read_text()):
        if target.startswith("http"):
            continue
        path, _, place = target.partition("#")
        assert (folder / path).is_file(), target
        if place:
            assert place in map(anchor, TERMS), target
        if picture:
            assert len(words) > 80, f"{target}: what is to be seen there?"


def test_the_glossary_is_in_order():
    assert sorted(TERMS, key=str.lower) == TERMS
    assert len(set(TERMS)) == len(TERMS)


def test_a_translated_lesson_has_the_parts_of_the_original():
    """As many sections and formulas, and the same code, output, pictures and links, in the same order."""
    for path in EXERCISES.glob("*/README.*.md"):
        texts = [each.read_text() for each in (path.with_name("README.md"), path)]
        original, translated = (
            {
                "sections": len(re.findall("^## ", text, re.MULTILINE)),
                "blocks": re.findall(r"^```.*?^```", text, re.MULTILINE | re.DOTALL),
                "targets": [target for _, _, target in LINK.findall(text)],
                "exercises": re.findall(r"^\| `(\w+)` \| \w+ (\| \d+ \| \d+) \|$", text, re.MULTILINE),
                "formulas": len(re.findall("^    ", text, re.MULTILINE)),
            }
            for text in texts
        )
        assert translated == original, path
