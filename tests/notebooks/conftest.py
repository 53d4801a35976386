"""What the tests with nbgrader share: a class that has been marked.

nbgrader is imported where a test asks for it: it may not be installed.
"""

import shutil

import pytest

from backpass.course.quizzes import load_key, load_quiz


@pytest.fixture(scope="session")
def answers(course):
    """The right answers, as a student writes them."""
    from tests.notebooks.nbgrader_term import UNIT

    key = load_key(course, load_quiz(course, UNIT))
    rights = {name: each.right for name, each in key.items()}
    return {name: repr(set(right)) if isinstance(right, frozenset) else repr(right) for name, right in rights.items()}


@pytest.fixture(scope="session")
def term(tmp_path_factory, course, answers):
    """A class after autograding and feedback, by the commands of the manual."""
    from tests.notebooks.nbgrader_submissions import damaged, empty, hostile, in_the_notebook, right, wrong
    from tests.notebooks.nbgrader_term import ASSIGNMENT, Term, commands

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
