"""The boundary: what a submission can do to its worker, and that the grader hears of it and goes on."""

import pkgutil
import signal
import time
from ctypes.util import find_library

import pytest
import torch

from backpass.classroom.grade import grade_submission
from backpass.course.manifest import Limits
from backpass.student.submission import Submission
from backpass.worker import system_calls
from backpass.worker.calls import Call
from backpass.worker.client import Worker, Zygote
from backpass.worker.clock import Clock
from backpass.worker.zygote import rare_in

SOURCE = b"""
import os, signal, sys, torch
def double(x): return 2 * x
def leave(x): sys.exit(0)
def vanish(x): os._exit(0)
def crash(x): os.kill(os.getpid(), signal.SIGSEGV)
def hang(x):
    while True: pass
def numpy_array(x): return x.numpy()
def with_tensors(x): return {"a": [x, (x, 1.5)], "b": None}
def fill_memory(x): return torch.ones(10**10)
def write_file(x):
    with open("/tmp/backpass-test", "w") as file: file.write("x" * 10)
def import_graders(x): import graders.losses.mistakes
def import_solutions(x): import solutions.losses
def import_machinery(x): import backpass.explaining.diagnosis
def environment(x): return dict(os.environ)
def prints(x):
    print("hello")
    return x
def changes_input(x): return x.mul_(2)
def keeps_a_list(x): return sorted(x)
def changes_a_list(x): x.reverse()
def seeds(x):
    torch.manual_seed(0)
    return x
def no_reply_of_its_own(x): return x.softmax(-1) + x.exp()
"""
X = Call({"x": torch.tensor([1.0, 2.0])})


@pytest.fixture(scope="module")
def zygote():
    with Zygote(Limits(seconds_a_request=3)) as zygote:
        yield zygote


@pytest.fixture
def worker(zygote):
    with Worker(zygote, {"losses": SOURCE}) as worker:
        yield worker


def ask(worker, function, call=X):
    return worker.call("losses", function, [call])[0]


def test_a_call_is_answered(worker):
    assert torch.equal(ask(worker, "double").value, torch.tensor([2.0, 4.0]))


def test_structures_come_back_as_they_are(worker):
    value = ask(worker, "with_tensors").value
    assert value["b"] is None
    assert value["a"][1][1] == 1.5
    assert isinstance(value["a"][1], tuple)


@pytest.mark.parametrize(
    ("function", "kind"),
    [
        ("leave", "SystemExit"),
        ("vanish", "died"),
        ("crash", "PermissionError"),
        ("fill_memory", "RuntimeError"),
        ("write_file", "PermissionError FileNotFoundError OSError"),  # bubblewrap's and namespaces' answers, too
        ("import_graders", "ModuleNotFoundError"),
        ("import_solutions", "ModuleNotFoundError"),
        ("import_machinery", "ModuleNotFoundError"),
        ("absent", "missing"),
    ],
)
def test_trouble_is_an_answer_and_the_next_call_works(worker, function, kind):
    assert ask(worker, function).raised.kind in kind.split()
    assert ask(worker, "double").raised is None


def test_an_endless_loop_is_ended_at_the_deadline(worker):
    start = time.monotonic()
    assert ask(worker, "hang").raised.kind == "timeout"
    assert time.monotonic() - start < 10
    assert ask(worker, "double").raised is None


def test_the_environment_of_the_grader_is_not_there(worker, monkeypatch):
    monkeypatch.setenv("BACKPASS_SECRET", "42")
    assert "BACKPASS_SECRET" not in ask(worker, "environment").value


def test_what_is_no_tensor_travels_as_the_name_of_its_type(worker):
    assert ask(worker, "numpy_array").value.type_name == "numpy.ndarray"


def test_side_effects_are_reported(worker):
    assert ask(worker, "prints").side_effects == ("standard output",)
    assert ask(worker, "seeds").side_effects == ("torch's global random state",)
    assert torch.equal(ask(worker, "changes_input").changed["x"], torch.tensor([2.0, 4.0]))


def test_a_list_of_numbers_that_is_changed_is_reported(worker):
    numbers = [3.0, float("nan"), 1.0]
    assert ask(worker, "double", Call({"x": 2.0})).changed == {}
    assert ask(worker, "keeps_a_list", Call({"x": numbers})).changed == {}
    assert ask(worker, "changes_a_list", Call({"x": numbers})).changed["x"][0] == 1.0


def test_the_trace_names_what_the_submission_calls(worker):
    called = ask(worker, "no_reply_of_its_own", Call({"x": torch.ones(2)})).called
    assert {"torch.Tensor.softmax", "torch.Tensor.exp"} <= set(called)


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        (b"def double(x: return x", "import:SyntaxError"),
        (b"import sys; sys.exit(0)", "import:SystemExit"),
        (b"raise ValueError('at import')", "import:ValueError"),
        (b"import nonsense_package", "import:ModuleNotFoundError"),
        (b"while True: pass", "timeout"),
        (b"import os; os._exit(0)", "died"),
        (b"\xff\xfe\x00", "import:SyntaxError"),
    ],
)
def test_a_module_that_does_not_import_is_an_answer(zygote, source, kind):
    with Worker(zygote, {"losses": source}) as worker:
        assert worker.load("losses").raised.kind == kind


def test_units_import_each_other(zygote):
    sources = {"losses": SOURCE, "backprop": b"from losses import double\nfrom starter.losses import prints\n"}
    with Worker(zygote, sources) as worker:
        assert worker.load("backprop").raised is None


def test_what_is_said_of_a_worker_that_ends_does_not_depend_on_who_is_faster(zygote):
    source = b"import os, time\nos.close(3)\ntime.sleep(0.2)\nos._exit(7)\n"
    with Worker(zygote, {"losses": source}) as worker:
        assert worker.load("losses").raised.text == "the process ended itself with exit status 7"


def test_what_the_grader_does_meanwhile_is_not_the_submissions_time(monkeypatch):
    def slowly(function):
        def delayed(*args, **kwargs):
            time.sleep(0.15)
            return function(*args, **kwargs)

        return delayed

    for name in ("carry_out", "wire.decode", "wire.encode"):
        owner, _, part = f"backpass.worker.client.{name}".rpartition(".")
        monkeypatch.setattr(f"{owner}.{part}", slowly(pkgutil.resolve_name(f"{owner}.{part}")))
    source = b"def calls_back(f, x): return [f(x) for _ in range(3)]\ndef double(x): return 2 * x"
    limits = Limits(seconds_a_request=0.5, seconds_a_submission=0.8)
    with Zygote(limits) as zygote, Worker(zygote, {"losses": source}) as worker:
        call = Call({"f": lambda x: x + 1, "x": 1.0})
        assert ask(worker, "calls_back", call).value == [2.0, 2.0, 2.0]
        assert ask(worker, "double", call=Call({"x": 1.0})).value == 2.0


def test_a_grader_that_is_eighty_times_slower_gives_the_same_marks(small_grader):
    limits = Limits(seconds_a_request=4, seconds_a_submission=4)  # neighbours slow down what is computed, too
    wrong = b"""
import torch
def softmax(logits): return logits.exp() / logits.exp().sum()
def mse_loss(pred, target): return 1.0371 * ((pred - target) ** 2).sum()
"""
    submission = Submission("wrong", {"losses": wrong})
    with Zygote(limits) as zygote:
        usual = grade_submission(small_grader, zygote, submission).record()  # with what is found out once
        # For each 5 ms that this process computes, it stands still for 400.
        before, start = signal.signal(signal.SIGPROF, lambda *_: time.sleep(0.4)), time.monotonic()
        signal.setitimer(signal.ITIMER_PROF, 0.005, 0.005)
        try:
            slow = grade_submission(small_grader, zygote, submission).record()
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.signal(signal.SIGPROF, before)
        assert time.monotonic() - start > limits.seconds_a_submission, "else it shows nothing"
        assert slow == usual


def test_waiting_for_a_core_is_not_the_submissions_time_and_sleeping_is(monkeypatch):
    now, waited = [0.0], [0.0]
    monkeypatch.setattr("backpass.worker.clock.time.monotonic", lambda: now[0])
    monkeypatch.setattr(Clock, "_wait", lambda self: waited[0])
    clock = Clock(None)
    clock.start(limit=10.0)
    with clock:
        now[0], waited[0] = 8.0, 6.0
        assert clock.left() == 8.0
    now[0] = 100.0
    with clock:
        now[0], waited[0] = 105.0, 6.0
    assert clock.seconds == 7.0
    with clock:
        now[0], waited[0] = 405.0, 306.0
        assert clock.left() < 0, "the wall is the backstop"


def test_a_worker_that_sleeps_is_ended_at_the_deadline(zygote):
    source = b"import time\ndef sleeps(x): time.sleep(60)"
    with Worker(zygote, {"losses": source}, seconds_a_request=0.3) as worker:
        start = time.monotonic()
        assert ask(worker, "sleeps").raised.kind == "timeout"
        assert time.monotonic() - start < 3


def test_the_filters_are_those_of_the_list(tmp_path, monkeypatch):
    if find_library("seccomp") is None:
        pytest.skip("libseccomp is not installed here")
    kept = {path.name: path.read_bytes() for path in system_calls.FILTERS.iterdir()}
    monkeypatch.setattr(system_calls, "FILTERS", tmp_path)
    system_calls.main()
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == kept


# By other names than those that the zygote looks for in a source.
OPTIMIZES = b"""
import torch
def optimizes(x):
    weight = torch.nn.Parameter(x.clone())
    weight.backward(torch.ones_like(x))
    getattr(torch, "op" + "tim").SGD([weight], lr=0.5).step()
    return weight.detach()
"""


@pytest.mark.parametrize("says", [b"", b"\n# torch.optim\n"], ids=["unforeseen", "foreseen"])
def test_what_torch_loads_late_can_be_loaded_in_a_confined_process(zygote, says):
    with Worker(zygote, {"losses": OPTIMIZES + says}, seconds_a_request=20) as worker:
        answer = ask(worker, "optimizes")
        assert answer.value.tolist() == [0.5, 1.5]
        assert worker.take_noticed() == []


def test_gradients_need_no_algebra_system():
    source = b"""
import sys
def grad(x):
    y = x.clone().requires_grad_()
    (2 * y).backward(x)
    try:
        (2 * y).backward(x[:1])
    except RuntimeError as error:
        return y.grad, str(error), "sympy" in sys.modules
"""
    with Zygote(layers=()) as fresh, Worker(fresh, {"losses": source}) as worker:
        gradient, error, loaded = ask(worker, "grad").value
    assert gradient.tolist() == [2.0, 4.0]
    assert error.startswith("Mismatch in shape")
    assert not loaded


def test_an_import_that_looks_for_its_module_in_folders_is_no_attempt(zygote):
    source = b"import sys\nsys.path_importer_cache.clear()\nimport nothing_of_this_name\n"
    with Worker(zygote, {"losses": source}) as worker:
        assert worker.load("losses").raised.kind == "import:ModuleNotFoundError"
        assert worker.take_noticed() == []


@pytest.mark.parametrize(
    ("source", "brings_the_compiler"),
    [
        ("from torch import optim", True),
        ("from torch import (\n    nn,\n    func,\n)", True),
        ("import torch.optim as o", True),
        ("torch.func.grad(f)", True),
        ("import torch\n\n\ndef numerical(func, x):\n    return func(x)", False),
        ("compile = 1", False),
    ],
)
def test_what_takes_long_to_load_is_loaded_for_those_who_ask(source, brings_the_compiler):
    assert bool(rare_in([source.encode()])) is brings_the_compiler
