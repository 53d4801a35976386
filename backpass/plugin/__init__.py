"""The pytest plugin: fixtures for checks, *todo* for what is not started, messages without tracebacks.

`pytest exercises/` runs the public checks on the student's own modules, in a process that can be killed, or in
this one where a debugger is to reach them. `pytest graders/ --submission DIR` runs the hidden ones on modules in a
confined worker. Which of the two a test is follows from the folder that it lies in.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import pytest

from backpass.course.manifest import CourseError
from backpass.plugin.checking import NotStarted, check_of, judged, judged_apart, tell
from backpass.plugin.ending import show_map, write_results
from backpass.plugin.run import Session, is_debugged
from backpass.worker.threads import one_thread_a_process

if TYPE_CHECKING:
    from backpass.judging.student import Student

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
    check = check_of(request.node)
    assert check is not None
    return session.student(request.node, check, device)


@pytest.fixture
def cases(request: pytest.FixtureRequest, device: str) -> list[Any]:
    """The cases of the check."""
    session = request.config.stash[_session]
    check = check_of(request.node)
    assert check is not None
    return session.checks(request.node).cases(check, device)


@pytest.fixture
def reference(request: pytest.FixtureRequest) -> Any:
    """The course's own solution of the exercise (hidden checks only)."""
    session = request.config.stash[_session]
    check = check_of(request.node)
    assert check is not None
    return session.checks(request.node).reference(session.course.exercises[check.exercise])


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is not asked: exercises that are left out of the course, or of the assignment."""
    if _session not in config.stash:
        return
    asked = config.stash[_session].course.exercises
    others = [item for item in items if (check := check_of(item)) is not None and check.exercise not in asked]
    if others:
        items[:] = [item for item in items if item not in others]
        config.hook.pytest_deselected(items=others)


def pytest_deselected(items: list[pytest.Item]) -> None:
    """An exercise is not done by a part of its checks."""
    for item in items:
        check = check_of(item)
        if check is not None and _session in item.config.stash:
            item.config.stash[_session].in_part.add(check.exercise)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run a check, a hidden one in a fork that may be lost; Ctrl-C ends it, and with it the run."""
    check = check_of(pyfuncitem)
    if check is None:
        return None
    session = pyfuncitem.config.stash[_session]
    try:
        if session.is_hidden(pyfuncitem) and not is_debugged(pyfuncitem.config):
            outcome = judged_apart(session, pyfuncitem, check)
        else:
            outcome = judged(session, pyfuncitem, check)
    except KeyboardInterrupt:
        pytest.exit(f"Stopped in {check.exercise}.", returncode=130)
    finally:
        session.take_printed(pyfuncitem, check.exercise)
    tell(session, pyfuncitem, check, outcome)
    return True


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
        write_results(run, session.config.getoption("--results"))
    result = yield
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if run is not None and run.state and reporter is not None:
        show_map(run, reporter)
    return result
