"""`backpass new course`, from the installed package: every command works in a course that is not the kit's own."""

import os
import shutil
import zipfile

import pytest

from tests.typed import run as run_typed


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """A folder with the package as the wheel has it, and nothing else of the repository."""
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture(scope="module")
def run(installed):
    """Runs a module of Python in a folder, with the package from `installed`, or another place."""

    def run(folder, *command, code=0, package=installed, typed=""):
        environment = os.environ | {"OMP_NUM_THREADS": "1", "COLUMNS": "200"}
        status, said = run_typed(*command, folder=folder, package=package, environment=environment, typed=typed)
        assert status == code, said
        return said

    return run


@pytest.fixture(scope="module")
def course(run, tmp_path_factory):
    folder = tmp_path_factory.mktemp("mine") / "course"
    assert "backpass verify" in run(folder.parent, "backpass", "new", "course", folder)
    return folder


def test_it_proves_itself_and_all_that_is_derived_is_there(course, run):
    assert "every mistake is rejected by its own name" in run(
        course, "backpass", "verify", "--jobs", 2, "--device", "all"
    )
    run(course, "backpass", "derive", "--check")


def test_a_student_studies_it(course, run):
    assert "Hint 1 of 3" in run(course, "backpass", "hint", "inertia")
    assert "100%" in run(course, "backpass", "quiz", "clustering", "--seed=", typed="b\nc\n")
    assert "amin" in run(course, "backpass", "solution", "inertia", typed="y\n")
    shutil.copy2(course / "solutions" / "clustering.py", course / "starter" / "clustering.py")
    assert "3 of 3 done" in run(course, "pytest", "exercises/")
    assert "changes no group" in run(course, "backpass", "run", "clustering")
    assert "`backpass check` asks the hidden graders" in " ".join(run(course, "backpass").split())
    run(course, "backpass", "check", "clustering")
    assert "Everything is done.\n" in run(course, "backpass")
    assert "is a stub again" in run(course, "backpass", "reset", "inertia")


def test_what_it_does_not_have_is_said_in_words(course, run):
    assert "No exercise here has one." in run(course, "backpass", "plot", "inertia", code=2)
    assert "No unit here has one." in run(course, "backpass", "lab", "clustering", code=2)
    assert "is not here" in run(course, "backpass", "quiz", "final", code=2)


def test_a_class_is_graded(course, run, tmp_path):
    right = (course / "solutions" / "clustering.py").read_text(encoding="utf-8")
    for name, source in {"ada": right, "ben": right.replace("argmin(1)", "argmin(0)")}.items():
        (tmp_path / "class" / name).mkdir(parents=True)
        (tmp_path / "class" / name / "clustering.py").write_text(source, encoding="utf-8")
    graded = run(course, "backpass", "grade", tmp_path / "class", "--out", tmp_path / "results", "--jobs", 1)
    assert "nearest_point_of_each_centroid" in graded and "5 passed, 1 failed" in graded
    run(course, "backpass", "export", "junit", tmp_path / "results", tmp_path / "report.xml")
    assert "| ben | 20 |" in run(course, "backpass", "export", "github", tmp_path / "results")
    pytest.importorskip("jinja2")
    run(course, "backpass", "report", tmp_path / "results")


def test_editions_have_the_kit_and_no_solutions(course, run, tmp_path):
    run(course, "backpass", "release", tmp_path / "student")
    run(course, "backpass", "release", tmp_path / "self", "--edition", "self-study")
    run(course, "backpass", "package", "gradescope", tmp_path / "autograder.zip")
    edition = tmp_path / "student"
    assert (edition / "backpass" / "LICENSE").read_text().startswith("MIT")
    assert not [path for path in edition.rglob("*") if "solutions" in path.parts or "graders" in path.parts]
    assert "0 of 3 done" in run(edition, "pytest", "exercises/", code=1, package=edition)
    assert "backpass watch" in (edition / "README.md").read_text()
    with zipfile.ZipFile(tmp_path / "autograder.zip") as archive:
        assert {"backpass/cli.py", "graders/clustering/mistakes.toml", "pyproject.toml"} <= set(archive.namelist())


def test_it_is_learned_in_a_folder_of_ones_own(course, run, tmp_path):
    own = tmp_path / "own"
    assert "backpass watch" in run(course, "backpass", "init", own)
    assert "3 exercises" in run(own, "backpass") or "0 of 3" in run(own, "backpass")
    # Where this course is not at hand, the one that the package brings along does not take its place.
    assert "holds the course" in run(own, "backpass", "init", code=2)
    assert "0 new files" in run(course, "backpass", "init", own)


def test_a_course_goes_into_a_folder_of_its_own(course, run):
    assert "is not empty" in run(course, "backpass", "new", "course", ".", code=2)
