"""The hidden checks of one submission, one by one, as pytest runs them: each in a fork that may be lost."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

from backpass.classroom.judges import BACKSTOP, SHARE
from backpass.course.manifest import Course
from backpass.explaining.grader import HiddenGrader
from backpass.judging.disposable import Disposable, Lost
from backpass.student.submission import Submission
from backpass.worker.client import Worker, Zygote
from backpass.worker.inspector import Inspector


class OneByOne:
    """A context. `worker` and `inspector`, which hold the submission, are to be asked in what `apart` runs."""

    def __init__(self, course: Course, submission: Submission, *, cuda: bool) -> None:
        self.grader = HiddenGrader(course)
        self._submission = submission
        # One request has its deadline; a pytest run as a whole ends when the person at the keyboard ends it.
        self._zygote = Zygote(replace(course.limits, seconds_a_submission=24 * 3600), cuda=cuda)
        limits = course.limits
        self._fork = Disposable(SHARE * limits.seconds_a_request, BACKSTOP * limits.seconds_a_submission)
        self._resources = ExitStack()

    def __enter__(self) -> OneByOne:
        self._resources.enter_context(self._zygote)
        self._begin()
        return self

    def __exit__(self, *_: object) -> None:
        self._asked.close()
        self._resources.close()

    def apart(self, work: Callable[[], Any]) -> Any:
        """What `work` returns, which JSON can say; Lost where the fork that it runs in does not come to its end."""

        def and_clean_up() -> Any:
            with self.worker, self.inspector:
                return work()

        try:
            return self._fork.value(and_clean_up)
        except Lost:
            self._asked.close()  # of a zygote that was asked by one that is lost, nobody knows what it was asked
            self._begin()
            raise

    def _begin(self) -> None:
        self._asked = self._zygote.split()
        self.worker = Worker(self._asked, self._submission.sources)
        self.inspector = Inspector(self._asked, self._submission.sources)
