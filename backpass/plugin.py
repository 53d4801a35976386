"""The pytest plugin: fixtures for checks, *todo* for what is not started, messages without tracebacks.

`pytest exercises/` runs the public checks on the student's own modules, in a process that can be killed, or in
this one where a debugger is to reach them. `pytest graders/ --submission DIR` runs the hidden ones on modules in a
confined worker. Which of the two a test is follows from the folder that it lies in.
"""

from __future__ import annotations

import gc
import re
import sys
from collections.abc import Generator
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from _pytest.outcomes import Failed  # what pytest.fail raises

from backpass.course.manifest import Course, CourseError, Exercise, find_root
from backpass.course.stubs import line_of
from backpass.studying.progress import Progress
from backpass.worker.threads import one_thread_a_process
from backpass.wrapping import first_lines, fitted, with_paths

if TYPE_CHECKING:
    from backpass.classroom.one_by_one import OneByOne
    from backpass.explaining.blamed import Inspects
    from backpass.explaining.grader import Grader, PublicGrader
    from backpass.judging.checks import Check
    from backpass.judging.graders import Checks, PublicChecks
    from backpass.judging.result import ExerciseResult
    from backpass.judging.student import Student
    from backpass.studying.own_work import OwnWork
    from backpass.worker.invoke import Raised

# "broken": the module does not import, so nobody knows.
_DONE, _WRONG, _TODO, _BROKEN = "done", "wrong", "todo", "broken"
_MARKS = {_DONE: "+", _WRONG: "x", _TODO: ".", _BROKEN: "?"}
_IN_WORDS = {_DONE: "done", _WRONG: "wrong", _TODO: "not started", _BROKEN: "does not import"}


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
        self.findings: dict[str, ExerciseResult] = {}  # of the first check that failed
        self.told: set[str] = set()  # messages that are on the screen already
        self.prints: dict[str, None] = {}  # exercises that printed something
        self.in_process = _why_in_process(config, self.folder, self.course)
        self.resources = ExitStack()
        self._public: tuple[PublicChecks, OwnWork] | None = None
        self._explains: PublicGrader | None = None
        self._hidden: OneByOne | None = None
        self.asked_hidden = False
        self.in_part: set[str] = set()  # exercises of which some checks were deselected

    def is_hidden(self, item: pytest.Item) -> bool:
        return item.path.is_relative_to(self.course.root / "graders")

    def note(self, exercise: str, state: str, finding: ExerciseResult | None = None) -> None:
        """Record what became of a check: an exercise is done when none of its checks failed."""
        if finding is not None:
            self.findings.setdefault(exercise, finding)
        order = (_DONE, _WRONG, _TODO, _BROKEN)
        self.state[exercise] = max(state, self.state.get(exercise, _DONE), key=order.index)

    @property
    def is_own(self) -> bool:
        """Whether one's own work was looked at, and by public checks."""
        return self.folder == self.course.root / "starter" and not self.asked_hidden

    def following(self) -> Exercise | None:
        """What to do next of what was run: what one is at, or else the first that is not done."""
        left = [e for e in self.course.exercises.values() if self.state.get(e.id, _DONE) != _DONE]
        current = Progress(self.course).current if self.is_own else None
        return current if current in left else next(iter(left), None)

    def hidden(self) -> OneByOne:
        """The hidden graders, and the submission that they are to judge."""
        self.asked_hidden = True
        if self._hidden is None:
            from torch.cuda import is_available

            from backpass.classroom.one_by_one import OneByOne
            from backpass.student.submission import read_submission

            submission = read_submission(self.folder, self.course.functions)
            if submission.problem:
                raise pytest.UsageError(submission.problem)
            cuda = self._device in ("cuda", "all") and is_available()
            self._hidden = self.resources.enter_context(OneByOne(self.course, submission, cuda=cuda))
        return self._hidden

    def public(self) -> tuple[PublicChecks, OwnWork]:
        """The public checks, and the student's modules."""
        if self._public is None:
            from backpass.judging.graders import PublicChecks
            from backpass.studying.own_work import OwnWork

            own = self.resources.enter_context(OwnWork(self.course, self.folder, here=bool(self.in_process)))
            self._public = PublicChecks(self.course), own
        return self._public

    def student(self, item: pytest.Function, check: Check, device: str) -> Student:
        """The function under test, in this process or in a worker."""
        from backpass.judging.student import Student

        exercise = self.course.exercises[check.exercise]
        if self.is_hidden(item):
            hidden = self.hidden()
            return Student(exercise, hidden.worker.call, hidden.grader.checks.variants(exercise), device)
        return Student(exercise, self.public()[1].ask)

    def checks(self, item: pytest.Item) -> Checks:
        """The checks that a test belongs to."""
        return self.hidden().grader.checks if self.is_hidden(item) else self.public()[0]

    def grader(self, item: pytest.Item) -> Grader:
        """Those checks with the diagnosis that explains them, which is loaded when something is to be explained."""
        if self.is_hidden(item):
            return self.hidden().grader
        if self._explains is None:
            from backpass.explaining.grader import PublicGrader

            self._explains = PublicGrader(self.course, self.public()[0])
        return self._explains

    def inspects(self, item: pytest.Item) -> Inspects:
        """What looks into the program that a test is about."""
        return self.hidden().inspector if self.is_hidden(item) else self.public()[1].inspects

    def broken(self, item: pytest.Item, unit: str) -> Raised | None:
        """What the module under a public check raises at its import."""
        return None if self.is_hidden(item) else self.public()[1].broken(unit)

    def tell(self, item: pytest.Item, message: str) -> str:
        """A message as wide as the screen. What is told twice is its last part alone: the case, where it is another."""
        as_found = message
        if not self.is_hidden(item):
            from backpass.worker.inspector import file_in

            message = with_paths(message, file_in(self.folder))
        what, *rest = re.split(r"\n\s*\n", message)
        if what in self.told:
            message = "As above." if message in self.told or not rest else f"As above.\n\n{rest[-1]}"
        self.told |= {as_found, what, message}
        return fitted(message, item.config.get_terminal_writer().fullwidth)

    def take_printed(self, item: pytest.Item, exercise: str) -> None:
        """Hand what a public check's code printed to pytest, which displays it with a failure."""
        if self.is_hidden(item) or self._public is None:
            return
        printed = self._public[1].printed
        if printed:
            self.prints[exercise] = None
            item.add_report_section("call", "stdout", first_lines("".join(printed)) + "\n")
            printed.clear()


def _why_in_process(config: pytest.Config, folder: Path, course: Course) -> str:
    """Why the student's modules are to run in this process, where a person gets at them; empty where they are not."""
    if config.getoption("capture") == "no":
        return "-s"
    if _is_debugged(config):
        return "the debugger"
    from backpass.student.debuggers import calls_a_debugger

    return calls_a_debugger(folder, course.unit_names)


def _is_debugged(config: pytest.Config) -> bool:
    return config.getoption("usepdb") or config.getoption("trace") or "debugpy" in sys.modules


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


@pytest.hookimpl(trylast=True)  # once there is a reporter
def pytest_configure(config: pytest.Config) -> None:
    try:
        session = Session(config)
    except CourseError:
        return  # a pytest run outside a course, in an environment that has backpass
    if config.getoption("--submission") and not session.folder.is_dir():
        raise pytest.UsageError(f"--submission {session.folder}: there is no such folder")
    config.stash[_session] = session
    one_thread_a_process()
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and config.getoption("reportchars") == "fE":  # the default; the map at the end says more
        reporter.reportchars = ""


def pytest_report_collectionfinish(config: pytest.Config) -> str | list[str]:
    session = config.stash.get(_session, None)
    if session is None or not session.in_process:
        return []
    return f"Your code runs in this process, for {session.in_process}: only Ctrl-C ends a loop."


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, Any, Any]:
    """The checks import torch: the garbage collector would go through all of it again and again meanwhile."""
    if _session not in session.config.stash or not gc.isenabled():
        return (yield)
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_unconfigure(config: pytest.Config) -> None:
    if _session in config.stash:
        config.stash[_session].resources.close()
        gc.freeze()  # at the end of Python the collector would once more go through all of torch


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
    return session.checks(request.node).cases(check, device)


@pytest.fixture
def reference(request: pytest.FixtureRequest) -> Any:
    """The course's own solution of the exercise (hidden checks only)."""
    session = request.config.stash[_session]
    check = _check_of(request.node)
    assert check is not None
    return session.checks(request.node).reference(session.course.exercises[check.exercise])


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


@dataclass(frozen=True)
class _Outcome:
    """What became of a check: a state or, in words, why it was skipped or what is wrong with the check itself.

    `early`: before any check, the `result` would be the same for all of them.
    """

    state: str | None
    result: ExerciseResult | None = None
    early: bool = False
    skipped: str = ""
    fault: str = ""


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run a check, a hidden one in a fork that may be lost; Ctrl-C ends it, and with it the run."""
    check = _check_of(pyfuncitem)
    if check is None:
        return None
    session = pyfuncitem.config.stash[_session]
    try:
        if session.is_hidden(pyfuncitem) and not _is_debugged(pyfuncitem.config):
            outcome = _judged_apart(session, pyfuncitem, check)
        else:
            outcome = _judged(session, pyfuncitem, check)
    except KeyboardInterrupt:
        pytest.exit(f"Stopped in {check.exercise}.", returncode=130)
    finally:
        session.take_printed(pyfuncitem, check.exercise)
    _tell(session, pyfuncitem, check, outcome)
    return True


def _judged_apart(session: Session, item: pytest.Function, check: Check) -> _Outcome:
    """What a hidden check finds; what a submission answers is decoded, compared and explained in a fork only."""
    from backpass.classroom.results import exercise_result
    from backpass.judging.disposable import Lost
    from backpass.judging.result import ExerciseResult

    def work() -> dict[str, Any]:
        try:
            return asdict(_judged(session, item, check))
        except pytest.skip.Exception as skipped:
            return asdict(_Outcome(None, skipped=str(skipped)))
        except Exception:
            return asdict(_Outcome(None, fault=str(item.repr_failure(pytest.ExceptionInfo.from_current()))))

    try:
        told = session.hidden().apart(work)
        found = told.pop("result")
        return _Outcome(result=found and exercise_result(**found), **told)
    except (Lost, TypeError, ValueError) as why:
        tell = f"{check.name} could not be judged: {why}."
        points = session.course.exercises[check.exercise].points
        return _Outcome(_WRONG, ExerciseResult("failed", 0, points, "unjudgeable", tell))


def _judged(session: Session, item: pytest.Function, check: Check) -> _Outcome:
    """What a check finds, run in this process."""
    from backpass.explaining.grader import explained
    from backpass.judging.failures import Failure, Fault
    from backpass.judging.preliminary import before_the_checks, not_gradable

    exercise = session.course.exercises[check.exercise]
    subject: Any = item.funcargs["student"]
    own_cases: Any = item.funcargs.get("cases", [])
    hung = session.findings.get(exercise.id)
    if hung is not None and hung.status == "timeout":  # it would keep everybody waiting for as long again
        return _Outcome(None, skipped=f"{exercise.name} gave no answer")
    broken = session.broken(item, exercise.unit)
    early = not_gradable(exercise, broken) if broken else before_the_checks(session.course, subject, own_cases)
    if early is None and session.state.get(exercise.id) == _TODO:
        return _Outcome(_TODO)
    if early is not None:
        if early.status == "timeout" and not broken:
            early = session.grader(item).where_it_hangs(early, exercise, session.inspects(item))
        return _Outcome(_TODO if early.status == "todo" else _BROKEN if broken else _WRONG, early, early=True)
    if check.once_right and session.state.get(exercise.id, _DONE) != _DONE:
        return _Outcome(None, skipped="is looked at once the other checks of this exercise pass")
    try:
        item.obj(**{name: item.funcargs[name] for name in item._fixtureinfo.argnames})
    except (Failure, Fault) as failure:
        if isinstance(failure, Fault) and failure.status == _TODO:
            return _Outcome(_TODO)
        finding = session.grader(item).diagnosis.explain(failure, exercise, subject, inspects=session.inspects(item))
        return _Outcome(_WRONG, explained(finding, 0, exercise))
    return _Outcome(_DONE)


def _tell(session: Session, item: pytest.Function, check: Check, outcome: _Outcome) -> None:
    """What a check found becomes a message for the student, without a traceback."""
    exercise = session.course.exercises[check.exercise]
    if outcome.fault:
        raise Failed(outcome.fault, pytrace=False)
    if outcome.skipped:
        pytest.skip(outcome.skipped)
    assert outcome.state is not None
    session.note(exercise.id, outcome.state, outcome.result)
    if outcome.state == _DONE:
        return
    result = outcome.result
    if result is None:
        raise NotStarted("Not started yet.", pytrace=False)
    if outcome.early:
        if outcome.state == _BROKEN and result.message in session.told:
            pytest.skip(f"{exercise.unit}.py does not import")
        kind = NotStarted if outcome.state == _TODO else Failed
        raise kind(session.tell(item, result.message), pytrace=False)
    name = f" [{result.mistake}]" if session.is_hidden(item) and result.mistake else ""
    raise Failed(session.tell(item, f"{exercise.id}{name}: {result.message}"), pytrace=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    report: Any = yield
    report.not_started = call.excinfo is not None and call.excinfo.errisinstance(NotStarted)
    return report


def pytest_report_teststatus(report: pytest.TestReport) -> tuple[str, str, str] | None:
    if getattr(report, "not_started", False):
        return "todo", ".", "TODO"
    return None


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> Generator[None, Any, Any]:
    """Once pytest has said everything, the course at a glance and what to do next; what became of it, in files."""
    run = session.config.stash.get(_session, None)
    if run is not None and "hypothesis" not in sys.modules:  # its plugin would import it now, for an empty summary
        session.config.pluginmanager.unregister(name="hypothesispytest")
    if run is not None and run.state and session.config.getoption("--results"):
        _write_results(run, session.config.getoption("--results"))
    result = yield
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if run is not None and run.state and reporter is not None:
        _show_map(run, reporter)
    return result


def _show_map(session: Session, terminalreporter: pytest.TerminalReporter) -> None:
    write = terminalreporter.write_line
    terminalreporter.section("exercises")
    width = max(len(unit.name) for unit in session.course.units)
    screen = terminalreporter._tw.fullwidth
    following = session.following()
    for unit in session.course.units:
        chosen = [e for e in unit.exercises if e.id in session.state]
        marks = [f"{_MARKS[session.state[e.id]]} {e.name}" for e in chosen]
        alike = {session.state[e.id] for e in chosen}
        later = following is not None and following.unit != unit.name
        if len(chosen) > 1 and (alike == {_BROKEN} or (alike == {_TODO} and later)):
            marks = [f"{_MARKS[alike.pop()]} all {len(chosen)}"]  # their names are told when it is their turn
        for position, line in enumerate(_wrapped(marks, screen - width - 4)):
            write(f"{unit.name if position == 0 else '':<{width}}  {line}")
    _record(session, following, terminalreporter)
    states = list(session.state.values())
    legend = ", ".join(f"{mark} {_IN_WORDS[state]}" for state, mark in _MARKS.items() if state in states)
    write(f"{states.count(_DONE)} of {len(states)} done ({legend})")
    if session.prints:
        names = ", ".join(session.prints)
        write(fitted(f"Your code prints in {names}: hidden graders ask for silence.", screen))
    if following is not None:
        write(fitted(_next_step(session, following), screen), bold=True)


def _write_results(run: Session, folder: str) -> None:
    """Write what became of the exercises, for `backpass export`; public checks give all of the points, or none."""
    if run.asked_hidden:
        raise pytest.UsageError("--results is for public checks: `backpass grade` writes what hidden graders find")
    from backpass.classroom.result_files import ResultFiles
    from backpass.classroom.results import SubmissionResult
    from backpass.judging.result import ExerciseResult

    results = {}
    for exercise in run.course.exercises.values():
        state, finding = run.state.get(exercise.id), run.findings.get(exercise.id)
        if state == _DONE:
            results[exercise.id] = ExerciseResult("passed", exercise.points, exercise.points, None, "")
        elif state in (_WRONG, _BROKEN) and finding is not None:
            results[exercise.id] = replace(finding, points=0)
        elif state is not None:
            results[exercise.id] = ExerciseResult("todo", 0, exercise.points, None, "Not started yet.")
    name = f"{run.folder.resolve().name}, public checks"
    with ResultFiles(Path(folder), [name]) as files:
        files.add(SubmissionResult(name, results))


def _record(session: Session, following: Exercise | None, terminalreporter: pytest.TerminalReporter) -> None:
    """Write down where one is, and the progress of one's own work where all public checks of an exercise were run."""
    if not session.is_own:
        return
    progress = Progress(session.course)
    judged = {name: state for name, state in session.state.items() if name not in session.in_part and state != _BROKEN}
    progress.record_public({name: None if state == _TODO else state for name, state in judged.items()})
    if following is not None:
        progress.go_to(following)
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
    broken = session.public()[1].broken(exercise.unit) if session.state.get(exercise.id) == _BROKEN else None
    if broken is not None:
        return f"Next: mend {shown}:{broken.line or 1}, then\n  pytest exercises/{exercise.unit}"
    place = f"{shown}:{line_of(file, exercise.name)}" if file.is_file() else str(shown)
    only = _only(exercise, session.course)
    return f"Next: {exercise.title}. Open {place}, then\n  pytest exercises/{exercise.unit} -k {only}"


def _only(exercise: Exercise, course: Course) -> str:
    """What selects this exercise's checks and no others of its unit; pytest also looks at the name of the file."""
    name = exercise.name
    others = [each.name for each in course.unit(exercise.unit).exercises if each.name != name]
    if name not in exercise.unit and not any(name in other for other in others):
        return name
    longer = [f"test_{other}" for other in others if other.startswith(f"{name}_")]
    return f'"test_{name}_ and not {" and not ".join(longer)}"' if longer else f"test_{name}_"
