"""Calling the functions of a submission: one's own in this process, a stranger's in a worker."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from backpass.course.manifest import Course
from backpass.student.intake import SubmissionError
from backpass.student.submission import read_submission
from backpass.worker.calls import Answer, Call
from backpass.worker.modules import SubmissionModules

Ask = Callable[[str, str, Sequence[Call]], list[Answer]]


def modules_in(course: Course, folder: Path) -> SubmissionModules:
    """The modules in `folder`, importable by name in this process from now on."""
    files = {unit: folder / f"{unit}.py" for unit in course.unit_names}
    sources = {unit: (str(file), file.read_bytes()) for unit, file in files.items() if file.is_file()}
    modules = SubmissionModules(sources)
    modules.install()
    return modules


@contextmanager
def asking(course: Course, submission: Path | None) -> Iterator[Ask]:
    """What calls a submission's functions by unit and name; without a folder those in `starter/`.

    The code in `starter/` is one's own and runs in a process as under pytest. Any other is confined.
    """
    from backpass.worker.client import Worker, Zygote
    from backpass.worker.own import OwnProcesses

    if submission is None:
        own = read_submission(course.root / "starter", course.functions)
        with OwnProcesses(course.limits) as processes, Worker(processes, own.sources) as worker:
            yield worker.call
        return

    if not submission.exists():
        raise SubmissionError(f"{submission}: there is no such folder.")
    read = read_submission(submission, course.functions)
    if read.problem:
        raise SubmissionError(f"{submission}: {read.problem}")
    with Zygote(course.limits) as zygote, Worker(zygote, read.sources) as worker:
        yield worker.call
