"""What students and markers see of an nbgrader course in JupyterLab, where they answer and give marks."""

import shutil
import socket
import subprocess
import time
import urllib.request

import pytest

pytest.importorskip("nbgrader", reason="nbgrader is not installed: pip install -e '.[nbgrader]'")

import nbformat
from nbgrader.api import Gradebook

from backpass.course.manifest import Course
from backpass.labs.brief import load_rubric
from tests.notebooks.nbgrader_term import ASSIGNMENT, ROOT, UNIT, commands


@pytest.fixture(scope="session")
def lab(term):
    """The address of a JupyterLab in the course's folder, as an instructor starts it."""
    pytest.importorskip("jupyterlab", reason="JupyterLab is not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = [
        "--no-browser",
        f"--port={port}",
        "--ServerApp.port_retries=0",
        "--IdentityProvider.token=",
        "--allow-root",
    ]
    command = commands(0)[6].split()
    address = f"http://127.0.0.1:{port}"
    with (term.folder / "lab.log").open("w") as log:
        server = subprocess.Popen(
            [*command, *options], cwd=term.course, env=term.environment, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{address}/api", timeout=5).close()
                break
            except OSError:
                assert server.poll() is None, (term.folder / "lab.log").read_text()
                time.sleep(0.2)
        yield address
    finally:
        server.terminate()
        server.wait(20)


@pytest.fixture
def page(browser, lab):
    page = browser.new_page(viewport={"width": 1200, "height": 1400})
    page.set_default_timeout(60_000)
    yield page
    page.close()


def test_a_student_answers_in_jupyterlab(term, lab, page):
    folder = term.course / "as_a_student"
    shutil.copytree(term.course / "release" / ASSIGNMENT, folder)
    page.goto(f"{lab}/lab/tree/as_a_student/quiz.ipynb")
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    cell = page.locator(".jp-CodeCell", has_text="q1 = None").first
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.type('q1 = "e"')
    page.keyboard.press("Shift+Enter")
    page.keyboard.press("Shift+Enter")
    page.get_by_text("AssertionError: q1 is 'e': write one of a, b, c, d, in quotes.").wait_for()
    page.keyboard.press("Control+S")
    quiz = folder / "quiz.ipynb"
    for _ in range(100):
        if 'q1 = \\"e\\"' in quiz.read_text():
            break
        time.sleep(0.1)
    cells = {cell.id: cell.source for cell in nbformat.read(quiz, as_version=4).cells}
    assert cells["card_payments"] == 'q1 = "e"'


def test_a_lab_is_marked_in_the_formgrader(term, lab, page):
    page.goto(f"{lab}/lab")
    page.get_by_role("menuitem", name="Nbgrader").click()
    page.get_by_text("Formgrader", exact=True).click()
    formgrader = page.frame_locator("iframe")
    formgrader.get_by_role("link", name="Manual Grading").click()
    formgrader.get_by_role("link", name=ASSIGNMENT).click()
    formgrader.get_by_role("link", name="lab").click()
    formgrader.get_by_text("Submission #1", exact=True).wait_for()
    formgrader.get_by_role("button", name="Show All Names").click()
    formgrader.get_by_role("link", name="ada").click()
    formgrader.get_by_text("Train with cross-entropy").wait_for()
    assert rubric_texts() <= set(formgrader.locator("td").all_inner_texts())
    for number in range(1, 7):
        formgrader.locator(f"#criterion-{number}").fill("1.5")
        formgrader.locator(f"#criterion-{number}").press("Tab")
    formgrader.locator("textarea").first.fill("Which patient reads this?")
    formgrader.locator("textarea").first.press("Tab")
    for _ in range(100):
        if sum(term.scores()["ada", "lab"].values()) == 9:
            break
        time.sleep(0.1)
    for _ in range(100):
        if term.comment("ada", "lab", "criterion-1"):
            break
        time.sleep(0.1)
    term.run(f"nbgrader generate_feedback {ASSIGNMENT} --student=ada --force")
    given_back = term.feedback("ada", "lab")
    assert "Recommendation: 1.5 / 4" in given_back
    assert "Which patient reads this?" in given_back
    assert not any(text in given_back for text in rubric_texts())


def test_no_script_of_a_student_runs_where_marks_are_given(term, lab, page):
    with Gradebook(f"sqlite:///{term.course}/gradebook.db") as gradebook:
        submission = gradebook.find_submission_notebook("lab", ASSIGNMENT, "eve").id
    page.goto(f"{lab}/formgrader/submissions/{submission}")
    page.get_by_text("My view.").wait_for()
    page.get_by_text("here", exact=True).click()
    assert page.title() == "lab"


def rubric_texts():
    course = Course.load(ROOT)
    return {text for each in load_rubric(course, UNIT) for text in (each.full, each.half, each.none)}
