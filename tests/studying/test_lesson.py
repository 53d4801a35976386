"""`backpass lesson`: pages whose links and pictures are there."""

import re
import shutil
from pathlib import Path
from urllib.parse import unquote

import pytest
from typer.testing import CliRunner

from backpass.cli import app
from backpass.course.manifest import Course
from backpass.studying.progress import Progress

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def opened(tmp_path, monkeypatch):
    """A student's folder, and what was opened in the browser there."""
    shutil.copytree(ROOT / "exercises", tmp_path / "exercises", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "course.toml", tmp_path)
    (tmp_path / "starter").mkdir()
    monkeypatch.chdir(tmp_path)
    found = []
    monkeypatch.setattr("webbrowser.open", lambda page: found.append(page) or True)
    return found


def test_the_lesson_of_where_one_is_opens_and_all_that_it_links_to_is_there(opened, tmp_path):
    course = Course.load(tmp_path)
    Progress(course).go_to(course.exercise("adam_step"))
    assert CliRunner().invoke(app, ["lesson"]).exit_code == 0
    assert opened == [(tmp_path / "lessons" / "optimizers.html").as_uri()]
    pages = {page: page.read_text() for page in (tmp_path / "lessons").iterdir()}
    assert {page.stem for page in pages} == {*course.unit_names, "GLOSSARY"}
    for page, text in pages.items():
        for link in re.findall(r'(?:href|src)="([^"]+)"', text):
            if not link.startswith("http"):
                name, _, anchor = unquote(link).partition("#")
                target = (page.parent / name).resolve() if name else page
                assert target.is_file(), f"{page.name}: {link}"
                assert not anchor or f'id="{anchor}"' in pages[target], f"{page.name}: {link}"


def test_without_a_browser_it_is_read_in_the_terminal(opened, monkeypatch):
    monkeypatch.setattr("webbrowser.open", lambda page: False)
    said = CliRunner().invoke(app, ["lesson", "losses"]).output
    assert "Huber" in said and "(Picture: Left: the prices" in said and "losses.html" in said
    assert "adam_stp" in CliRunner().invoke(app, ["lesson", "adam_stp"]).output
