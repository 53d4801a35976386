"""The whole circle with nbgrader's own commands: release, hand in, mark, give back."""

import copy
import csv
import io
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
import zipfile
from pathlib import Path

import pytest

pytest.importorskip("nbgrader", reason="nbgrader is not installed: pip install -e '.[nbgrader]'")

import nbformat
from nbgrader.api import Gradebook

from backpass.course.manifest import Course
from backpass.course.quizzes import load_key, load_quiz
from backpass.labs.brief import load_rubric
from tests.typed import run as run_typed

ROOT = Path(__file__).resolve().parents[2]
MANUAL = (ROOT / "docs" / "instructors.md").read_text(encoding="utf-8")
UNIT = "losses"
ASSIGNMENT = "02-losses"
WRONG = """
def cross_entropy(logits, labels):
    z = logits - logits.max(dim=1, keepdim=True).values
    return (torch.logsumexp(z, dim=1) - z[torch.arange(len(z)), labels]).sum()
"""
HOSTILE = """
import os, pathlib
GRADEBOOK = {gradebook!r}
try:
    import sqlite3
    sqlite3.connect(GRADEBOOK).execute("update grade set auto_score = 1000")
    open({trace!r}, "w")
except BaseException as error:
    pass
def softmax(logits):
    return open(GRADEBOOK, "rb").read()
"""
TAKES_OVER = """
import builtins, IPython, pathlib
pathlib.Path({trace!r}).touch()
get_ipython().input_transformers_post.append(lambda lines: ["1.0"])
"""
SCRIPT = """My view. <script>document.title = "taken over"</script>
<img src=x onerror="document.title = 'taken over'"> [here](javascript:document.title='taken')"""


def commands(block):
    """The commands in one of the fenced blocks of the manual."""
    return re.findall(r"```\n(.*?)```", MANUAL, re.DOTALL)[block].splitlines()


class Term:
    """An nbgrader course and its exchange in a folder of their own."""

    def __init__(self, folder):
        self.folder, self.course, self.exchange = folder, folder / "term", folder / "exchange"
        self.exchange.mkdir()
        self.exchange.chmod(0o777)
        own = {"HOME": "home", "JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "data", "IPYTHONDIR": "ipython"}
        self.environment = os.environ | {name: str(folder / path) for name, path in own.items()}
        self.environment |= {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"}
        # As in an activated environment: nbgrader looks for alembic on the path.
        self.environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        (folder / "home").mkdir()

    def run(self, line, folder=None, fails=False):
        """A command as it is typed, in the course's folder by default; what it says."""
        status, said = run_typed(*line.split(), folder=folder or self.course, environment=self.environment)
        assert (status != 0) == fails, f"{line}\n{said}"
        return said

    def configure(self, folder):
        folder.mkdir(exist_ok=True)
        with (folder / "nbgrader_config.py").open("a") as file:
            file.write(f"\nc = get_config()\nc.Exchange.root = {str(self.exchange)!r}\n")

    def student(self, name):
        """The folder of a student who has fetched the assignment."""
        folder = self.folder / "students" / name
        shutil.copytree(self.folder / "students" / "fetched", folder)
        return folder

    def scores(self):
        """Points by student, notebook and cell."""
        found = {}
        with Gradebook(f"sqlite:///{self.course}/gradebook.db") as gradebook:
            for submission in gradebook.find_assignment(ASSIGNMENT).submissions:
                for notebook in submission.notebooks:
                    cells = {grade.name: grade.score for grade in notebook.grades}
                    found[submission.student.id, notebook.name] = cells
        return found

    def comment(self, student, notebook, cell):
        """What a marker has written to a cell."""
        with Gradebook(f"sqlite:///{self.course}/gradebook.db") as gradebook:
            return gradebook.find_comment(cell, notebook, ASSIGNMENT, student).comment

    def feedback(self, student, notebook):
        return (self.course / "feedback" / student / ASSIGNMENT / f"{notebook}.html").read_text(encoding="utf-8")


def edit(path, change):
    """Apply `change` to the cells of a notebook, by nbgrader's id; a cell without one has its own."""
    notebook = nbformat.read(path, as_version=4)
    cells = {cell.metadata.get("nbgrader", {}).get("grade_id", cell.id): cell for cell in notebook.cells}
    change(notebook, cells)
    nbformat.write(notebook, path)


def copied(cell):
    """A copy of a cell as JupyterLab makes it: with an id of its own."""
    return nbformat.from_dict(copy.deepcopy(cell) | {"id": f"{cell.id[:50]}-copy"})


def answer_quiz(path, answers):
    def change(_, cells):
        for number, (name, value) in enumerate(answers.items(), 1):
            cells[name].source = f"q{number} = {value}"

    edit(path, change)


def write_lab(path, text):
    def change(_, cells):
        cells["write-up-text"].source = text

    edit(path, change)


@pytest.fixture(scope="session")
def answers(course):
    """The right answers, as a student writes them."""
    key = load_key(course, load_quiz(course, UNIT))
    rights = {name: each.right for name, each in key.items()}
    return {name: repr(set(right)) if isinstance(right, frozenset) else repr(right) for name, right in rights.items()}


@pytest.fixture(scope="session")
def term(tmp_path_factory, course, answers):
    """A class after autograding and feedback, by the commands of the manual."""
    term = Term(tmp_path_factory.mktemp("nbgrader"))
    prepare, _, generate, release, collect, autograde, _, feedback, give_back, export = commands(0)
    term.run(prepare, term.folder)
    term.configure(term.course)
    term.run(generate)
    term.run(release)
    term.configure(term.folder / "students")
    fetch, submit, _ = commands(1)
    term.run(fetch, term.folder / "students")
    (term.folder / "students" / "fetched").mkdir()
    (term.folder / "students" / ASSIGNMENT).rename(term.folder / "students" / "fetched" / ASSIGNMENT)
    for name, prepare_one in (
        ("ada", right),
        ("bo", wrong),
        ("cy", empty),
        ("dee", damaged),
        ("eve", hostile),
        ("flo", in_the_notebook),
    ):
        folder = term.student(name)
        prepare_one(term, folder / ASSIGNMENT, answers)
        if name in ("ada", "eve"):
            term.configure(folder)
            term.run(f"{submit} --student={name}", folder)
    term.run(collect)
    for name in ("bo", "cy", "dee", "flo"):  # which would be the same commands again
        handed_in = term.course / "submitted" / name
        shutil.copytree(term.folder / "students" / name, handed_in)
        for receipt in ("timestamp.txt", "submission_secret.txt"):
            shutil.copy(term.course / "submitted" / "ada" / ASSIGNMENT / receipt, handed_in / ASSIGNMENT)
    shutil.copytree(term.course / "submitted" / "ada", term.course / "submitted" / "gus")
    term.run(autograde)
    for command in (feedback, give_back, export):
        term.run(command)
    return term


def right(term, folder, answers):
    shutil.copy(ROOT / "solutions" / f"{UNIT}.py", folder)
    answer_quiz(folder / "quiz.ipynb", answers)
    write_lab(folder / "lab.ipynb", (ROOT / "tests" / "data" / "labs" / UNIT / "strong.md").read_text(encoding="utf-8"))


def wrong(term, folder, answers):
    source = (ROOT / "solutions" / f"{UNIT}.py").read_text(encoding="utf-8")
    (folder / f"{UNIT}.py").write_text(source + WRONG)
    one, number, *_ = answers
    answer_quiz(folder / "quiz.ipynb", answers | {one: "'b'", number: "100 / 1"})


def empty(term, folder, answers):
    pass


def in_the_notebook(term, folder, answers):
    """Leaves the module as it was, and writes the functions where the exercises are."""
    solution = (ROOT / "solutions" / f"{UNIT}.py").read_text(encoding="utf-8")

    def change(notebook, cells):
        notebook.cells.append(nbformat.v4.new_code_cell(solution))
        notebook.cells.append(nbformat.v4.new_code_cell("print(softmax(torch.zeros(2)))"))

    edit(folder / "code.ipynb", change)


def damaged(term, folder, answers):
    """Deleted and copied cells, edited metadata, a notebook that is none, and one that is missing."""
    right(term, folder, answers)
    first, second, *_ = answers

    def change(notebook, cells):
        cells[f"{first}-text"].source = "Which is right? Mine."
        cells[f"{second}-score"].metadata.nbgrader.points = 1000
        cells[f"{second}-score"].metadata.nbgrader.solution = True
        notebook.cells.remove(cells[f"{first}-score"])
        notebook.cells.remove(cells[first])
        notebook.cells.append(nbformat.v4.new_code_cell(f"q1 = {answers[first]}  # in a cell of my own"))
        notebook.cells.append(copied(cells[second]))
        notebook.metadata.kernelspec = {"name": "julia", "display_name": "Julia"}

    edit(folder / "quiz.ipynb", change)
    (folder / "lab.ipynb").write_text('{"cells": [')
    (folder / "code.ipynb").unlink()


def hostile(term, folder, answers):
    """Sets its own marks in every way that works with the stock pipeline, and some that do not."""
    trace = str(term.folder / "trace")
    gradebook = str(term.course / "gradebook.db")
    (folder / f"{UNIT}.py").write_text(HOSTILE.format(gradebook=gradebook, trace=trace))
    for name in ("sitecustomize.py", "torch.py", "nbgrader_config.py"):
        (folder / name).write_text(f"open({trace!r}, 'w')")

    def change(notebook, cells):
        first = next(iter(answers))
        cells[first].source = TAKES_OVER.format(trace=trace)
        for cell in cells.values():
            if cell.metadata.get("nbgrader", {}).get("grade"):
                cell.source = "1.0"
                cell.metadata.nbgrader.points = 1000
                cell.outputs = [nbformat.v4.new_output("execute_result", {"text/plain": "1000.0"}, execution_count=1)]
        more = copied(cells[f"{first}-score"])
        more.metadata.nbgrader.grade_id = "bonus"
        notebook.cells.append(more)
        notebook.metadata["title"] = notebook.metadata["widgets"] = "</script><script>1</script>"

    edit(folder / "quiz.ipynb", change)
    write_lab(folder / "lab.ipynb", SCRIPT)

    def own_marks(notebook, cells):
        cells["criterion-1"].source = "**20 points**"
        cells["computation-code"].source = TAKES_OVER.format(trace=trace)

    edit(folder / "lab.ipynb", own_marks)


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


def test_a_right_submission_has_full_marks(term, course):
    scores = term.scores()
    assert sum(scores["ada", "code"].values()) == sum(each.points for each in course.unit(UNIT).exercises)
    assert set(scores["ada", "quiz"].values()) == {1.0}
    assert sum(scores["ada", "lab"].values()) == 0  # nobody has marked it yet


def test_functions_written_in_the_notebook_are_marked_and_what_is_not_marked_yet_says_so(term):
    scores = term.scores()
    assert scores["flo", "code"] == scores["ada", "code"]
    assert "was taken from code.ipynb." in term.feedback("flo", "code")
    lab = term.feedback("ada", "lab")
    assert "not marked yet, of 4" in lab and "Not everything is marked yet" in lab
    assert "not marked yet" not in term.feedback("ada", "code")


def test_a_wrong_submission_is_told_its_mistakes(term, course):
    scores = term.scores()
    assert scores["bo", "code"].pop("cross_entropy-score") < 10
    right = {name: points for name, points in scores["ada", "code"].items() if name != "cross_entropy-score"}
    assert scores["bo", "code"] == right
    assert sum(scores["bo", "quiz"].values()) == 3
    code, quiz = term.feedback("bo", "code"), term.feedback("bo", "quiz")
    assert "summed_over_the_batch" in code
    assert "it adds where it should average" in code
    assert re.search(r'<mark id="cross_entropy-place">.*\.sum\(\).*</mark>', code)
    assert "<details><summary" in code and "def softmax(" in code
    key = load_key(course, load_quiz(course, UNIT))
    one, number, *_ = key
    assert key[one].why["b"].split('"')[0] in quiz
    assert key[one].why["d"].split('"')[0] not in quiz
    assert key[number].slips[0][1][:40] in quiz


def test_an_empty_submission_is_worth_nothing(term):
    scores = term.scores()
    for notebook in ("code", "quiz", "lab"):
        assert sum(scores["cy", notebook].values()) == 0
    assert "There is no answer." in term.feedback("cy", "quiz")


def test_damage_does_not_change_what_answers_are_worth(term):
    scores = term.scores()
    assert scores["dee", "quiz"] == scores["ada", "quiz"]
    assert scores["dee", "code"] == scores["ada", "code"]
    assert sum(scores["dee", "lab"].values()) == 0
    assert "lab.ipynb is not a notebook that can be read" in term.feedback("dee", "lab")
    assert "Which is right? Mine." not in term.feedback("dee", "quiz")


def test_a_hostile_submission_gains_nothing(term):
    scores = term.scores()
    assert sum(scores["eve", "quiz"].values()) == 0
    assert sum(scores["eve", "code"].values()) == 0
    assert sum(scores["eve", "lab"].values()) == 0
    assert not (term.folder / "trace").exists()
    assert "bonus-score" not in scores["eve", "quiz"]


def test_no_html_of_a_student_reaches_a_page(term):
    page = term.feedback("eve", "lab")
    assert "My view." in page
    assert "&lt;script&gt;document.title" in page
    assert not re.search(r"<[^>]*onerror", page)
    assert "javascript:document" not in page


def test_what_is_released_and_given_back_has_no_secrets(term, course):
    key = load_key(course, load_quiz(course, UNIT))
    explanations = [why for each in key.values() for why in each.why.values()]
    explanations += [why for each in key.values() for _, why in each.slips]
    rubric = [text for each in load_rubric(course, UNIT) for text in (each.full, each.half, each.none)]
    lab = (ROOT / "exercises" / UNIT / "lab.md").read_text(encoding="utf-8")
    names = [each.name for each in load_rubric(course, UNIT) if each.name not in lab]
    model = (ROOT / "solutions" / "labs" / f"{UNIT}.md").read_text(encoding="utf-8").split("\n\n")[2:]
    solution = (ROOT / "solutions" / f"{UNIT}.py").read_text(encoding="utf-8")
    stub = (ROOT / "exercises" / UNIT / "stub.py").read_text(encoding="utf-8")
    code = [line.strip() for line in solution.splitlines() if len(line) > 20 and line not in stub]
    released = plain_text(*(term.exchange / "backpass" / "outbound" / ASSIGNMENT).iterdir())
    assert "q1 = None" in released
    for secret in (*explanations, *rubric, *names, *model, *code, "HIDDEN", "RuntimeError", "mentions:"):
        assert " ".join(secret.split()) not in released, secret
    given_back = plain_text(*(term.course / "feedback" / "cy" / ASSIGNMENT).iterdir())
    for secret in (*explanations, *rubric, *model, *code, "HIDDEN TESTS"):
        assert " ".join(secret.split()) not in given_back, secret


def plain_text(*paths):
    texts = [path.read_text(encoding="utf-8") for path in paths if path.is_file()]
    return " ".join(" ".join(texts).replace('\\"', '"').replace("\\n", " ").split())


def test_grades_are_exported(term, course):
    code = sum(each.points for each in course.unit(UNIT).exercises)
    with (term.course / "grades.csv").open() as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert {name: float(row["score"]) for name, row in rows.items()} == {
        **dict.fromkeys(("ada", "dee", "gus"), code + 5),
        "flo": code,
        "bo": float(rows["bo"]["score"]),
        "cy": 0,
        "eve": 0,
    }
    assert {row["max_score"] for row in rows.values()} == {f"{code + 25:.1f}"}


def test_students_fetch_their_feedback(term):
    fetch = commands(1)[2]
    folder = term.folder / "students" / "ada"
    term.run(f"{fetch} --student=ada", folder)
    assert list(folder.rglob("feedback/*/code.html"))


def test_marking_that_fails_leaves_no_marks_of_last_time(term):
    assert sum(term.scores()["gus", "quiz"].values()) == 5
    source = term.course / "source" / ASSIGNMENT / "quiz.ipynb"
    kept = source.read_bytes()
    edit(source, lambda notebook, cells: cells["card_payments-score"].metadata.nbgrader.update(grade_id="no_key-score"))
    try:
        said = term.run(f"nbgrader autograde {ASSIGNMENT} --student=gus --force", fails=True)
    finally:
        source.write_bytes(kept)
    assert sum(term.scores()["gus", "quiz"].values()) == 0
    assert "There was an error processing assignment" in said


def test_zips_of_learning_platforms_are_collected(term):
    archive = term.course / "downloaded" / ASSIGNMENT / "archive"
    archive.mkdir(parents=True)
    folder = term.folder / "students" / "ada" / ASSIGNMENT
    names = {
        "hal.zip": "hal",
        "lovelaceida_LATE_123_456_losses.zip": "lovelaceida",
        "Jo Doe_77_assignsubmission_file_/losses.zip": "Jo Doe",
    }
    with zipfile.ZipFile(archive / "submissions.zip", "w") as unopened:
        inside = io.BytesIO()
        with zipfile.ZipFile(inside, "w") as file:
            for path in folder.iterdir():
                file.write(path, f"{UNIT}/{path.name}")
        unopened.writestr("hopperivy_124_457_losses.zip", inside.getvalue())
        unopened.write(folder / f"{UNIT}.py", "noetherjo_125_458_losses.py")  # and nothing else
        unopened.writestr("kim_126_459_losses.7z", b"x")
    for name in names:
        (archive / name).parent.mkdir(exist_ok=True)
        with zipfile.ZipFile(archive / name, "w") as file:
            for path in folder.iterdir():
                file.write(path, f"{UNIT}/{path.name}")
            file.writestr(f"{UNIT}/.ipynb_checkpoints/quiz.ipynb", "{}")
            file.writestr("__MACOSX/quiz.ipynb", "{}")
    [command] = commands(2)
    said = term.run(command)
    assert "No module is in it" in said and "It holds losses.7z." in said
    submitted = term.course / "submitted"
    assert {path.name for path in (submitted / "noetherjo" / ASSIGNMENT).iterdir()} >= {"code.ipynb", f"{UNIT}.py"}
    assert (submitted / "kim" / ASSIGNMENT / "code.ipynb").is_file()
    term.run(f"nbgrader autograde {ASSIGNMENT} --student=noetherjo")
    assert term.scores()["noetherjo", "code"] == term.scores()["ada", "code"]
    for student in (*names.values(), "hopperivy"):
        handed_in = {path.name for path in (term.course / "submitted" / student / ASSIGNMENT).iterdir()}
        assert {"quiz.ipynb", "code.ipynb", "lab.ipynb", f"{UNIT}.py"} <= handed_in


def test_writing_the_course_again_gives_the_same_bytes_and_keeps_the_configuration(term):
    before = {path: path.read_bytes() for path in (term.course / "source").rglob("*") if path.is_file()}
    config = (term.course / "nbgrader_config.py").read_text()
    assert "as it was" in term.run(commands(0)[0], term.folder)
    assert {path: path.read_bytes() for path in (term.course / "source").rglob("*") if path.is_file()} == before
    assert (term.course / "nbgrader_config.py").read_text() == config


def test_without_its_configuration_nothing_gets_marks(term, tmp_path):
    """Somebody autogrades with stock nbgrader: cells that carry marks are run, and fail."""
    stock = tmp_path / "stock"
    shutil.copytree(term.course / "source" / ASSIGNMENT, stock / "source" / ASSIGNMENT)
    (stock / "nbgrader_config.py").write_text("c = get_config()\n")
    for name in ("code", "lab"):
        (stock / "source" / ASSIGNMENT / f"{name}.ipynb").unlink()
    term.run(f"nbgrader generate_assignment {ASSIGNMENT}", stock)
    shutil.copytree(term.course / "submitted" / "ada" / ASSIGNMENT, stock / "submitted" / "ada" / ASSIGNMENT)
    term.run(f"nbgrader autograde {ASSIGNMENT}", stock)
    with Gradebook(f"sqlite:///{stock}/gradebook.db") as gradebook:
        assert gradebook.find_submission(ASSIGNMENT, "ada").score == 0


def test_stable_ids(term):
    notebook = json.loads((term.course / "source" / ASSIGNMENT / "quiz.ipynb").read_text())
    assert [cell["id"] for cell in notebook["cells"]][:4] == [
        "introduction",
        "card_payments-text",
        "card_payments",
        "card_payments-score",
    ]


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
