"""Submissions for tests to write, and what is read of them."""

import zipfile

from backpass.student.hand_ins import find_submissions
from backpass.student.submission import read_submission

UNITS = {"losses": ("softmax", "cross_entropy"), "backprop": ("linear_backward",)}


def write(folder, name="losses.py", text="x = 1\n"):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def zipped(path, *names, **contents):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, f"# {name}\n")
        for name, content in contents.items():
            archive.writestr(name, content)
    return path


def found(path):
    return [hand_in.name for hand_in in find_submissions(path, UNITS)]


def read(path):
    """The submissions at a path by name: what a run does, for a class of any form."""
    return {hand_in.name: read_submission(hand_in, UNITS) for hand_in in find_submissions(path, UNITS)}


def problem(path):
    submission = read_submission(path, UNITS)
    assert submission.sources == {}
    return submission.problem
