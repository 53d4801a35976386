"""How a check fails, and what an exercise's own grader can say of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from backpass.judging.cases import Case
from backpass.judging.comparison import Difference
from backpass.worker.calls import Answer, Call, Raised


@dataclass(frozen=True)
class Description:
    """A description of a wrong answer: an id for the map of mistakes, and what to tell the student.

    `index`: the case that shows it best, where one does. `degree`: how much it says, see `backpass.judging.result`.
    `own`: the exercise's own grader says it, so that where the catalogue has the id, `tell` follows its text.
    """

    mistake: str | None
    tell: str
    index: int | None = None
    degree: str = "symptom"
    own: bool = False


# Called with a Failure and the Student.
Describe = Callable[..., Description | None]


class Failure(AssertionError):
    """A check that failed: which cases were asked, what was answered, and what is wrong with which answer.

    `describe`: what the exercise itself can say of a wrong answer that no catalogued mistake explains.
    `by_reference`: the cases with the reference's answers, where those of `cases` are another right function's.
    """

    def __init__(
        self,
        cases: list[Case],
        answers: list[Answer],
        wrong: dict[int, list[Difference]],
        describe: Describe | None = None,
        by_reference: list[Case] | None = None,
    ) -> None:
        self.cases = cases
        self.by_reference = by_reference or cases
        self.answers = answers
        self.wrong = wrong
        self.describe = describe
        self.random = any(case.statistics is not None for case in cases)
        first = next(iter(wrong.values()))[0]
        super().__init__(f"{first.where}: {first.text}" if first.where else first.text)


class Fault(AssertionError):
    """A check that failed for a reason that it knows itself: an id for the map of mistakes, and what to tell.

    `tell` follows the catalogue's text of `mistake`, where the catalogue has one. `about`: what it speaks of that has
    no name in the text: "the order" of samples, "the start" of weights, "the batches" that are cut, "the calls" of what
    was given, "the note" of each item of what is returned, "the beginning" of what is lost on the way, "the write" into
    what is somebody else's. `raised`: the call that raises, and what.
    """

    def __init__(
        self,
        mistake: str,
        tell: str = "",
        case: Case | None = None,
        status: str = "failed",
        about: str = "",
        raised: tuple[Call, Raised] | None = None,
    ) -> None:
        self.mistake = mistake
        self.tell = tell
        self.case = case
        self.status = status
        self.about = about
        self.raised = raised
        super().__init__(tell or mistake)
