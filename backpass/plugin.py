"""The pytest plugin: fixtures for checks, *todo* for what is not started, messages without tracebacks.

`pytest exercises/` runs the public checks on the student's own modules in this process. `pytest graders/
--submission DIR` runs the hidden ones on modules in a confined worker. Which of the two a test is follows
from the folder that it lies in.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from _pytest.outcomes import Failed  # what pytest.fail raises

from backpass.course.manifest import Course, CourseError, Exercise, find_root
from backpass.course.stubs import line_of
from backpass.studying.progress import Progress

if TYPE_CHECKING:
    from backpass.explaining.blame import Inspects
    from backpass.explaining.diagnosis import Finding
    from backpass.explaining.grader import Grader, HiddenGrader, PublicGrader
    from backpass.judging.checks import Check
    from backpass.judging.result import ExerciseResult
    from backpass.judging.student import Student
    from backpass.worker.client import Worker
    from backpass.worker.modules import SubmissionModules

_DONE, _WRONG, _TODO = "done", "wrong", "todo"
_MARKS = {_DONE: "+", _WRONG: "x", _TODO: "."}


class NotStarted(Failed):
    """The exercise of this test is a stub still."""


def _asked(course: Course, config: pytest.Config) -> Course:
    """The course cut to what the run was asked for."""
    try:
        return course.only(config.getoption("--assignment"), config.getoption("--unit"))
    except CourseError as error:
        raise pytest.UsageError(str(error)) from None


class Session:
    """What the checks of one pytest run share."""

    def __init__(self, config: pytest.Config) -> None:
        course = Course.load(find_root(config.rootpath))
        course = _asked(course, config)
        self.course = replace(course, hide_expected=config.getoption("--hide-expected") or course.hide_expected)
        self.folder = Path(config.getoption("--submission") or self.course.root / "starter")
        self._device: str = config.getoption("--device")
        self.state: dict[str, str] = {}
        self.findings: dict[str, ExerciseResult | Finding] = {}  # of the first check that failed
        self.resources = ExitStack()
        self._public: tuple[PublicGrader, SubmissionModules, Inspects] | None = None
        self._hidden: tuple[HiddenGrader, Worker, Inspects] | None = None
        self.asked_hidden = False
        self.in_part: set[str] = set()  # exercises of which some checks were deselected

    def is_hidden(self, item: pytest.Item) -> bool:
        return item.path.is_relative_to(self.course.root / "graders")

    def note(self, exercise: str, state: str, finding: ExerciseResult | Finding | None = None) -> None:
        """Record what became of a check: an exercise is done when none of its checks failed."""
        if finding is not None:
            self.findings.setdefault(exercise, finding)
        order = (_DONE, _WRONG, _TODO)
        self.state[exercise] = max(state, self.state.get(exercise, _DONE), key=order.index)

    def hidden(self) -> tuple[HiddenGrader, Worker, Inspects]:
        """The hidden graders, the worker that holds the submission, and what looks into it."""
        self.asked_hidden = True
        if self._hidden is None:
            from torch.cuda import is_available

            from backpass.explaining.grader import HiddenGrader
            from backpass.student.submission import read_submission
            from backpass.worker.client import Worker, Zygote
            from backpass.worker.inspector import Inspector

            submission = read_submission(self.folder, self.course.functions)
            if submission.problem:
                raise pytest.UsageError(submission.problem)
            # One request has its deadline; a pytest run as a whole ends when the person at the keyboard ends it.
            limits = replace(self.course.limits, seconds_a_submission=24 * 3600)
            cuda = self._device in ("cuda", "all") and is_available()
            zygote = self.resources.enter_context(Zygote(limits, cuda=cuda))
            worker = self.resources.enter_context(Worker(zygote, submission.sources))
            inspector = self.resources.enter_context(Inspector(zygote, submission.sources))
            self._hidden = HiddenGrader(self.course), worker, inspector
        return self._hidden

    def public(self) -> tuple[PublicGrader, SubmissionModules, Inspects]:
        """The public checks, and the student's modules, importable in this process."""
        if self._public is None:
            from backpass.explaining.grader import PublicGrader
            from backpass.worker.asking import modules_in
            from backpass.worker.inspector import OwnInspector

            modules = modules_in(self.course, self.folder)
            self._public = PublicGrader(self.course), modules, OwnInspector(modules)
        return self._public

    def student(self, item: pytest.Function, check: Check, device: str) -> Student:
        """The function under test, in this process or in a worker."""
        from backpass.judging.student import Student

        exercise = self.course.exercises[check.exercise]
        if self.is_hidden(item):
            grader, worker, _ = self.hidden()
            return Student(exercise, worker.call, grader.checks.variants(exercise), device)
        from backpass.worker.student_side import answer

        _, modules, _ = self.public()
        return Student(exercise, lambda unit, name, calls: answer(modules, unit, name, calls))

    def grader(self, item: pytest.Item) -> Grader:
        """The checks that a test belongs to, and the diagnosis that explains them."""
        return self.hidden()[0] if self.is_hidden(item) else self.public()[0]

    def inspects(self, item: pytest.Item) -> Inspects:
        """What looks into the program that a test is about."""
        return self.hidden()[2] if self.is_hidden(item) else self.public()[2]


_session = pytest.StashKey[Session]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("backpass")
    group.addoption("--submission", metavar="DIR", help="folder of the submission under test (default: starter/)")
    group.addoption("--results", metavar="DIR", help="folder for the results of public checks")
    group.addoption("--assignment", metavar="NAME", help="only what this assignment of the course asks for")
    group.addoption("--unit", action="append", metavar="UNIT", help="only this unit; may be given several times")
    group.addoption("--hide-expected", action="store_true", help="hidden checks do not display right answers")
    group.addoption(
        "--device", choices=("cpu", "cuda", "simulated", "all"), default="cpu", help="where hidden checks compute"
    )


def pytest_configure(config: pytest.Config) -> None:
    try:
        session = Session(config)
    except CourseError:
        return  # a pytest run outside a course, in an environment that has backpass
    if config.getoption("--submission") and not session.folder.is_dir():
        raise pytest.UsageError(f"--submission {session.folder}: there is no such folder")
    config.stash[_session] = session


def pytest_unconfigure(config: pytest.Config) -> None:
    if _session in config.stash:
        config.stash[_session].resources.close()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    declared = getattr(metafunc.function, "__checks__", ())
    if declared:
        metafunc.parametrize("check", declared, ids=[check.name for check in declared])
    chosen = metafunc.config.getoption("--device")
    is_check = declared or hasattr(metafunc.function, "__check__")
    if is_check and chosen != "cpu" and "device" in metafunc.fixturenames:
        metafunc.parametrize("device", _devices(chosen), indirect=True)


def _devices(chosen: str) -> list[str]:
    """Where hidden checks compute; all means a GPU, or where there is none its stand-in, beside the CPU."""
    if chosen != "all":
        return [chosen]
    import torch

    return ["cpu", "cuda" if torch.cuda.is_available() else "simulated"]


def _check_of(item: Any) -> Check | None:
    """The check that a test item runs; one of several of its function's, where an exercise was declared with them."""
    parameters = item.callspec.params if hasattr(item, "callspec") else {}
    return parameters.get("check", getattr(getattr(item, "function", None), "__check__", None))


@pytest.fixture
def device(request: pytest.FixtureRequest) -> str:
    """The device that the submission computes on."""
    device: str = getattr(request, "param", "cpu")
    if device == "cuda":
        import torch

        if not torch.cuda.is_available():
            pytest.skip("there is no CUDA device here")
    return device


@pytest.fixture
def student(request: pytest.FixtureRequest, device: str) -> Student:
    """The function under test; call it with cases."""
    session = request.config.stash[_session]
    check = _check_of(request.node)
    assert check is not None
    return session.student(request.node, check, device)


@pytest.fixture
def cases(request: pytest.FixtureRequest, device: str) -> list[Any]:
    """The cases of the check."""
    session = request.config.stash[_session]
    check = _check_of(request.node)
    assert check is not None
    return session.grader(request.node).checks.cases(check, device)


@pytest.fixture
def reference(request: pytest.FixtureRequest) -> Any:
    """The course's own solution of the exercise (hidden checks only)."""
    session = request.config.stash[_session]
    check = _check_of(request.node)
    assert check is not None
    return session.grader(request.node).checks.reference(session.course.exercises[check.exercise])


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is not asked: exercises that are left out of the course, or of the assignment."""
    if _session not in config.stash:
        return
    asked = config.stash[_session].course.exercises
    others = [item for item in items if (check := _check_of(item)) is not None and check.exercise not in asked]
    if others:
        items[:] = [item for item in items if item not in others]
        config.hook.pytest_deselected(items=others)


def pytest_deselected(items: list[pytest.Item]) -> None:
    """An exercise is not done by a part of its checks."""
    for item in items:
        check = _check_of(item)
        if check is not None and _session in item.config.stash:
            item.config.stash[_session].in_part.add(check.exercise)


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, Any, Any]:
    """Run a check; what it finds becomes a message for the student, without a traceback."""
    check = _check_of(pyfuncitem)
    if check is None:
        return (yield)
    from backpass.judging.failures import Failure, Fault
    from backpass.judging.preliminary import before_the_checks

    session = pyfuncitem.config.stash[_session]
    exercise = session.course.exercises[check.exercise]
    subject: Any = pyfuncitem.funcargs["student"]
    own_cases: Any = pyfuncitem.funcargs.get("cases", [])
    early = before_the_checks(session.course, subject, own_cases)
    if early is None and session.state.get(exercise.id) == _TODO:
        raise NotStarted("Not started yet.", pytrace=False)
    if early is not None:
        session.note(exercise.id, _TODO if early.status == "todo" else _WRONG, early)
        raise (NotStarted if early.status == "todo" else Failed)(early.message, pytrace=False)
    if check.once_right and session.state.get(exercise.id, _DONE) != _DONE:
        pytest.skip("is looked at once the other checks of this exercise pass")
    try:
        result = yield
    except (Failure, Fault) as failure:
        if isinstance(failure, Fault) and failure.status == _TODO:
            session.note(exercise.id, _TODO)
            raise NotStarted(failure.tell, pytrace=False) from None
        finding = session.grader(pyfuncitem).diagnosis.explain(
            failure, exercise, subject, inspects=session.inspects(pyfuncitem)
        )
        session.note(exercise.id, _WRONG, finding)
        name = f" [{finding.mistake}]" if session.is_hidden(pyfuncitem) and finding.mistake else ""
        raise Failed(f"{exercise.id}{name}: {finding.message}", pytrace=False) from None
    session.note(exercise.id, _DONE)
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    report: Any = yield
    report.not_started = call.excinfo is not None and call.excinfo.errisinstance(NotStarted)
    return report


def pytest_report_teststatus(report: pytest.TestReport) -> tuple[str, str, str] | None:
    if getattr(report, "not_started", False):
        return "todo", ".", "TODO"
    return None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """The course at a glance, and what to do next."""
    session = config.stash.get(_session, None)
    if session is None or not session.state:
        return
    write = terminalreporter.write_line
    terminalreporter.section("exercises")
    width = max(len(unit.name) for unit in session.course.units)
    following = next((e for e in session.course.exercises.values() if session.state.get(e.id) in (_WRONG, _TODO)), None)
    for unit in session.course.units:
        chosen = [e for e in unit.exercises if e.id in session.state]
        marks = [f"{_MARKS[session.state[e.id]]} {e.name}" for e in chosen]
        untouched = all(session.state[e.id] == _TODO for e in chosen)
        if len(chosen) > 1 and untouched and following is not None and following.unit != unit.name:
            marks = [f"{_MARKS[_TODO]} all {len(chosen)}"]  # their names are told when it is their turn
        for position, line in enumerate(_wrapped(marks, terminalreporter._tw.fullwidth - width - 4)):
            write(f"{unit.name if position == 0 else '':<{width}}  {line}")
    _record(session, terminalreporter)
    counts = {state: list(session.state.values()).count(state) for state in _MARKS}
    write(f"{counts[_DONE]} of {len(session.state)} done (+ done, x wrong, . not started)")
    if following is not None:
        write(_next_step(session, following), bold=True)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write what became of the exercises, for `backpass export`; public checks give all of the points, or none."""
    run, folder = session.config.stash.get(_session, None), session.config.getoption("--results")
    if run is None or not folder or not run.state:
        return
    if run.asked_hidden:
        raise pytest.UsageError("--results is for public checks: `backpass grade` writes what hidden graders find")
    from backpass.classroom.result_files import ResultFiles
    from backpass.classroom.results import SubmissionResult
    from backpass.explaining.grader import explained
    from backpass.judging.result import ExerciseResult

    results = {}
    for exercise in run.course.exercises.values():
        state, finding = run.state.get(exercise.id), run.findings.get(exercise.id)
        if state == _DONE:
            results[exercise.id] = ExerciseResult("passed", exercise.points, exercise.points, None, "")
        elif state == _WRONG and finding is not None:
            results[exercise.id] = (
                replace(finding, points=0) if isinstance(finding, ExerciseResult) else explained(finding, 0, exercise)
            )
        elif state is not None:
            results[exercise.id] = ExerciseResult("todo", 0, exercise.points, None, "Not started yet.")
    name = f"{run.folder.resolve().name}, public checks"
    with ResultFiles(Path(folder), [name]) as files:
        files.add(SubmissionResult(name, results))


def _record(session: Session, terminalreporter: pytest.TerminalReporter) -> None:
    """Write the progress of one's own work down, where all the public checks of an exercise were run."""
    if session.folder != session.course.root / "starter" or session.asked_hidden:
        return
    progress = Progress(session.course)
    whole = {name: state for name, state in session.state.items() if name not in session.in_part}
    progress.record({name: None if state == _TODO else state for name, state in whole.items()})
    if progress.notice:
        terminalreporter.write_line(progress.notice)


def _wrapped(words: list[str], width: int) -> list[str]:
    lines = [""]
    for word in words:
        joined = f"{lines[-1]}   {word}" if lines[-1] else word
        if len(joined) > width and lines[-1]:
            lines.append(word)
        else:
            lines[-1] = joined
    return [line for line in lines if line]


def _next_step(session: Session, exercise: Exercise) -> str:
    file = session.folder / f"{exercise.unit}.py"
    try:
        shown = file.relative_to(Path.cwd())
    except ValueError:
        shown = file
    place = f"{shown}:{line_of(file, exercise.name)}" if file.is_file() else str(shown)
    only = _only(exercise, session.course)
    return f"Next: {exercise.title}. Open {place}, then: pytest exercises/{exercise.unit} -k {only}"


def _only(exercise: Exercise, course: Course) -> str:
    """What selects this exercise's checks and no others of its unit; pytest also looks at the name of the file."""
    name = exercise.name
    others = [each.name for each in course.unit(exercise.unit).exercises if each.name != name]
    if name not in exercise.unit and not any(name in other for other in others):
        return name
    longer = [f"test_{other}" for other in others if other.startswith(f"{name}_")]
    return f'"test_{name}_ and not {" and not ".join(longer)}"' if longer else f"test_{name}_"
