"""Autograding by stock nbgrader beside the kit's own marks, for the same class, in one run.

    python benchmarks/autograde.py [--submissions 20] [--rows "kit, quiz"]

Everybody hands in the quiz of the unit losses, with different answers. Stock nbgrader runs each notebook in a kernel,
with an assertion a question as hidden test; the kit reads the answers. Then the kit marks quiz, code and lab together.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat

from backpass.course.manifest import Course, find_root
from backpass.course.quizzes import load_key, load_quiz

ROOT = Path(__file__).resolve().parent.parent
UNIT = "losses"
COURSE = Course.load(find_root(ROOT))
KEY = load_key(COURSE, load_quiz(COURSE, UNIT))
RIGHT = {name: set(key.right) if isinstance(key.right, frozenset) else key.right for name, key in KEY.items()}

ROWS = {"stock, quiz": ("quiz",), "kit, quiz": ("quiz",), "kit, all": ("code", "lab", "quiz")}


def run(folder: Path, *command: str) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "OMP_NUM_THREADS": "1",
        "PATH": path,
        "PYTHONWARNINGS": "ignore",
    }
    done = subprocess.run([sys.executable, "-m", *command], cwd=folder, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)


def with_hidden_assertions(notebook: Path) -> None:
    """The quiz as one writes it for stock nbgrader."""
    content = nbformat.read(notebook, as_version=4)
    for number, (name, right) in enumerate(RIGHT.items(), 1):
        cell = next(cell for cell in content.cells if cell.id == f"{name}-score")
        cell.source = f"### BEGIN HIDDEN TESTS\nassert q{number} == {right!r}\n### END HIDDEN TESTS"
    nbformat.write(content, notebook)


def assignment_of(course: Path) -> str:
    """What the unit is called in an nbgrader course, where its number stands in front."""
    return next((course / "source").glob(f"*-{UNIT}")).name


def hand_in(course: Path, submissions: int, kinds: tuple[str, ...]) -> None:
    """A class in which every second answer is right; the code, where it is asked for, is right for one in two."""
    for student in range(submissions):
        folder = course / "submitted" / f"student{student:03}" / assignment_of(course)
        folder.mkdir(parents=True)
        for kind in kinds:
            shutil.copy(course / "release" / assignment_of(course) / f"{kind}.ipynb", folder)
        source = ROOT / ("solutions" if student % 2 else "starter") / f"{UNIT}.py"
        shutil.copy(source, folder)
        quiz = nbformat.read(folder / "quiz.ipynb", as_version=4)
        for number, (name, right) in enumerate(RIGHT.items(), 1):
            cell = next(cell for cell in quiz.cells if cell.id == name)
            cell.source = f"q{number} = {right!r}" if (student + number) % 2 else f"q{number} = 'a'"
        nbformat.write(quiz, folder / "quiz.ipynb")


def seconds_of(course: Path) -> tuple[float, float]:
    """Wall and CPU seconds of autograding the class."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    run(course, "nbgrader", "autograde", assignment_of(course))
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--submissions", type=int, default=20)
    parser.add_argument("--rows", nargs="+", choices=ROWS, default=[*ROWS], help="all by default")
    options = parser.parse_args()
    submissions = options.submissions
    figures = {}
    with tempfile.TemporaryDirectory() as name:
        for label in options.rows:
            kinds = ROWS[label]
            course = Path(name) / label.replace(", ", "-")
            run(Path(name), "backpass", "notebooks", str(course))
            for path in (course / "source" / assignment_of(course)).glob("*.ipynb"):
                if path.stem not in kinds:
                    path.unlink()
            if label.startswith("stock"):
                (course / "nbgrader_config.py").write_text(
                    "c = get_config()\nc.ClearSolutions.enforce_metadata = False\n"
                )
                with_hidden_assertions(course / "source" / assignment_of(course) / "quiz.ipynb")
            run(course, "nbgrader", "generate_assignment", assignment_of(course))
            if label.startswith("stock"):
                released = course / "release" / assignment_of(course) / "quiz.ipynb"
                assert "assert q1 ==" not in released.read_text()
            hand_in(course, submissions, kinds)
            figures[label] = seconds_of(course)
            wall, cpu = figures[label]
            print(
                f"{label:12} {wall / submissions:6.2f} s wall, {cpu / submissions:6.2f} s CPU a submission", flush=True
            )
    if len(figures) < len(ROWS):
        return
    for column, name in enumerate(("wall", "CPU")):
        stock = figures["stock, quiz"][column]
        quiz, everything = (stock / figures[label][column] for label in ("kit, quiz", "kit, all"))
        print(f"{name}: the kit marks quizzes {quiz:.1f} times as fast, and quiz, code and lab {everything:.1f} times")


if __name__ == "__main__":
    main()
