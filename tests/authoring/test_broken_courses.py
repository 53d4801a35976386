"""Courses that are broken on purpose: each does not verify, and is told where and why."""

import importlib
import multiprocessing
import re
import shutil
import sys

import pytest

from backpass.authoring import verify
from backpass.authoring.courses import _TEMPLATE as TEMPLATE
from backpass.course.manifest import Course, CourseError
from backpass.explaining.grader import HiddenGrader
from backpass.worker.invoke import invoke_all

SOLUTION, EXAMPLES, CHECKS, STUB, ROWS = (
    *("solutions/clustering.py", "exercises/clustering/test_clustering.py", "graders/clustering/test_clustering.py"),
    *("starter/clustering.py", "graders/clustering/mistakes.toml"),
)
NEAREST = "    return _squared_distances(points, centroids).argmin(1)"
LEFT = "    return _squared_distances(points, centroids).amin(1).sum()"


def without(start, end=None):
    """Cuts a part of a file out."""
    return lambda text: text[: text.index(start)] + (text[text.index(end) :] if end else "")


# What is done to which file, to which exercise, and a part of what is said of it.
BROKEN = {
    "a forgotten import": (
        *(SOLUTION, "inertia", lambda text: text.replace(LEFT, LEFT + " / math.sqrt(1)")),
        "test_clustering.py:55: the solution raises NameError",
    ),
    "a wrong solution": (
        *(SOLUTION, "assign_clusters", lambda text: text.replace(".argmin(1)", ".argmax(1)")),
        "test_clustering.py:12: the solution says returns=tensor([1, 0])",
    ),
    "a solution that raises for some inputs": (
        *(SOLUTION, "assign_clusters"),
        lambda text: text.replace(NEAREST, f"    if len(centroids) == 5:\n        raise ValueError('five')\n{NEAREST}"),
        "clustering.py:12: the solution raises ValueError (five), and the stub does not say that it should",
    ),
    "a solution whose gradient is NaN": (
        *(SOLUTION, "inertia"),
        lambda text: text.replace(
            LEFT, "    d = _squared_distances(points, centroids).amin(1)\n    return ((d - d).sqrt() + d).sum()"
        ),
        "clustering.py:26: the gradient of the solution is not finite where it is asked for",
    ),
    "a solution that forgets the device": (
        *(SOLUTION, "update_centroids", lambda text: text.replace(", device=labels.device", "")),
        "On a GPU this would raise: `torch.arange(len(centroids))` in line 19",
    ),
    "a wrong public example": (
        *(EXAMPLES, "inertia", lambda text: text.replace("tensor(28.0)", "tensor(28.5)")),
        "test_clustering.py:55: the solution says returns=tensor(28.0)",
    ),
    "no public check": (
        EXAMPLES,
        "update_centroids",
        without('@check(\n    "clustering.update_centroids"', '@check(\n    "clustering.inertia"'),
        "there is no public example of update_centroids",
    ),
    "no hidden check": (CHECKS, "inertia", without("test_inertia = "), "there is no hidden check of inertia"),
    "no mistake": (
        *(ROWS, "update_centroids", without("[update_centroids.mistakes]", "[inertia]\n")),
        "mistakes.toml:26: there is no mistake",
    ),
    "one hint": (
        *("course.toml", "inertia", lambda text: re.sub(r'    "(Take the smallest|Those of all).*\n', "", text)),
        "course.toml:39: 3 hints are asked for, and there are 1",
    ),
    "no points": (
        *("course.toml", "assign_clusters", lambda text: text.replace("points = 10", "points = 0", 1)),
        "course.toml:20: points = 0 is not a number above 0",
    ),
    "a stub that answers": (
        *(STUB, "assign_clusters", lambda text: text.replace("raise NotImplementedError", "return points", 1)),
        "clustering.py:9: the stub is failed, not todo",
    ),
}


def graded(grader, exercise, function):
    """What a worker would say, without one."""
    files = frozenset({function.__code__.co_filename})
    return grader.grade(exercise, lambda unit, name, calls: invoke_all(function, calls, files))


def said(root, name):
    """What is said of one exercise of a course; nothing of one that verifies."""
    for module in list(sys.modules):  # those of another course of the process that this one is forked from
        if module.partition(".")[0] in ("solutions", "graders", "starter"):
            del sys.modules[module]
    try:
        course = Course.load(root)
        exercise = course.exercises[f"clustering.{name}"]
        missing = verify.unfinished(course, exercise)
        if missing:
            return [gap.told(root) for gap in missing]
        grader = HiddenGrader(course, shrink=False)
        stub = getattr(importlib.import_module("starter.clustering"), name)
        results = [{exercise.id: graded(grader, exercise, each)} for each in (stub, grader.checks.reference(exercise))]
        verify._shared = grader, *results, ("cpu",)
        return list(verify._proof(exercise).problems)
    except CourseError as error:
        return [str(error)]


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    root = tmp_path_factory.mktemp("sound") / "course"
    shutil.copytree(TEMPLATE, root)
    return root


@pytest.mark.parametrize("name", ["whole", *BROKEN])
def test_a_broken_course_does_not_verify(name, sound):
    file, exercise, change, expected = BROKEN.get(name, ("course.toml", "inertia", lambda text: text, None))
    path = sound / file
    text = path.read_text(encoding="utf-8")
    path.write_text(change(text), encoding="utf-8")
    try:
        # Modules of a course are imported once a process: each course has one of its own.
        with multiprocessing.get_context("fork").Pool(1) as pool:
            found = pool.apply(said, (sound, exercise))
    finally:
        path.write_text(text, encoding="utf-8")
    assert (expected is None and not found) or any(expected in each for each in found), found
