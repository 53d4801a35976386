"""The whole circle with nbgrader's own commands: release, hand in, mark, give back."""

import csv
import io
import json
import re
import shutil
import zipfile

import pytest

pytest.importorskip("nbgrader", reason="nbgrader is not installed: pip install -e '.[nbgrader]'")

from nbgrader.api import Gradebook

from backpass.course.quizzes import load_key, load_quiz
from backpass.labs.brief import load_rubric
from tests.notebooks.nbgrader_submissions import edit
from tests.notebooks.nbgrader_term import ASSIGNMENT, ROOT, UNIT, commands


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
    assert "so your loss grows with its size" in code
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
