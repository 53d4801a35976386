"""What learners read of the exceptions that they meet daily: the line, the operands, and what torch means."""

import pytest

from backpass.worker.client import Worker
from backpass.worker.inspector import Inspector

SOFTMAX = "import torch\ndef softmax(logits):\n"

# The exercise, the code, the line that raises, what is said of it, and what must not be said.
RAISING = {
    "ambiguous truth": (
        "losses.huber_loss",
        "import torch\ndef huber_loss(pred, target, delta=1.0):\n    e = pred - target\n    if e.abs() <= delta:\n"
        "        return (0.5 * e**2).mean()\n    return (delta * (e.abs() - delta / 2)).mean()\n",
        4,
        "Decide element by element",
        "transposed",
    ),
    "max with a dimension": (
        "losses.softmax",
        SOFTMAX
        + "    m = logits.max(-1, keepdim=True)\n    e = torch.exp(logits - m)\n"
        + "    return e / e.sum(-1, keepdim=True)\n",
        4,
        "Take `.values` of the result",
        "minimum",
    ),
    "hat for a power": (
        "losses.mse_loss",
        "def mse_loss(pred, target):\n    return ((pred - target) ^ 2).mean()\n",
        2,
        "A power is written `**`",
        "",
    ),
    "a missing import": (
        "schedules.cosine_annealing",
        "def cosine_annealing(step, total_steps, max_lr, min_lr=0.0):\n    part = min(1, step / total_steps)\n"
        "    return min_lr + (max_lr - min_lr) * (1 + math.cos(math.pi * part)) / 2\n",
        3,
        "`math` is not imported",
        "",
    ),
    "torch.exp of a float": (
        "schedules.exponential_decay",
        "import torch\ndef exponential_decay(step, base_lr, gamma):\n    return base_lr * torch.exp(step * 1.0)\n",
        3,
        "torch.exp takes tensors, and this is a Python float",
        "",
    ),
    "sizes that do not fit": (
        "neurons.linear",
        "def linear(x, weight, bias):\n    return x @ x + bias\n",
        2,
        "as many columns on the left as rows on the right",
        "",
    ),
    "an index out of range": (
        "losses.softmax",
        SOFTMAX + "    rows = logits.shape[3]\n    return logits / rows\n",
        3,
        "fewer entries than this index asks for",
        "",
    ),
    "numpy of what needs gradients": (
        "losses.mse_loss",
        "import torch\ndef mse_loss(pred, target):\n    error = (pred.requires_grad_() - target).numpy()\n"
        "    return torch.tensor((error**2).mean())\n",
        3,
        "NumPy cannot follow gradients",
        "",
    ),
    "in a helper": (
        "losses.softmax",
        SOFTMAX + "    return shifted(logits).exp()\n\ndef shifted(scores):\n    return scores - scores.top\n",
        6,
        "There is no `.top` on this",
        "",
    ),
    "too few values": (
        "losses.softmax",
        SOFTMAX + "    n, c, d, e = logits.shape\n    return logits\n",
        3,
        "There are 4 names on the left",
        "",
    ),
    "a name of Python's given away": (
        "losses.softmax",
        SOFTMAX + "    max = logits.amax(-1)\n    return logits - max(logits)\n",
        4,
        "`max` is not Python's function here, because line 3 gives its name to something else",
        "is a * missing",
    ),
    "all of torch imported": (
        "losses.mse_loss",
        "from torch import *\ndef mse_loss(pred, target):\n    return (pred - target).sum() / int(pred.numel())\n",
        3,
        "`int` is not Python's function here, because line 1 gives",
        "",
    ),
    "a function that is not called": (
        "losses.mae_loss",
        "def mae_loss(pred, target):\n    return (pred - target).abs / pred.numel()\n",
        2,
        "are its brackets () missing",
        "",
    ),
    "no gradient was set": (
        "optimizers.sgd_step",
        "def sgd_step(param, grad, lr):\n    return param - lr * param.grad\n",
        2,
        "One of the values here is None",
        "",
    ),
    "arguments of NumPy's": (
        "losses.softmax",
        "import numpy as np\ndef softmax(logits):\n    return logits - np.max(logits, axis=-1, keepdims=True)\n",
        3,
        "has no such argument. Use torch's function",
        "but expected one of: * () *",
    ),
    "numbers where tensors are taken": (
        "optimizers.adam_step",
        "import torch\ndef adam_step(param, grad, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):\n"
        "    return param * torch.pow(beta1, t), m, v\n",
        3,
        "torch.pow takes tensors, and these are Python numbers",
        "",
    ),
}


def test_the_call_that_returned_two_tensors_is_quoted_too(course, grader, zygote):
    exercise = course.exercises["losses.softmax"]
    sources = {
        "losses": (SOFTMAX + "    m = logits.max(-1, keepdim=True)\n    return torch.exp(logits - m)\n").encode()
    }
    with Worker(zygote, sources) as worker, Inspector(zygote, sources) as inspector:
        result = grader.grade(exercise, worker.call, inspects=inspector)
    assert "losses.py:3:  m = logits.max(-1, keepdim=True)" in result.message, result.message


@pytest.mark.parametrize("name", RAISING)
def test_an_exception_is_explained(name, course, grader, zygote):
    id, source, line, said, not_said = RAISING[name]
    exercise = course.exercises[id]
    sources = {exercise.unit: source.encode()}
    with Worker(zygote, sources) as worker, Inspector(zygote, sources) as inspector:
        result = grader.grade(exercise, worker.call, inspects=inspector)
    assert result.status == "crashed", result.message
    assert f"Line {line} raises" in result.message
    assert said in result.message
    assert not not_said or not_said not in result.message.partition("\n")[0]
    assert f"{exercise.unit}.py:{line}:" in result.message


@pytest.mark.parametrize(
    ("id", "signature", "said"),
    [
        ("neurons.linear", "linear(x, weight)", "takes 2 positional arguments but 3 were given"),
        ("losses.huber_loss", "huber_loss(pred, target)", "unexpected keyword argument 'delta'"),
        ("training.train_mlp", "train_mlp(x, y)", "`train_mlp(x_train, y_train, x_val"),
    ],
)
def test_parameters_that_are_not_those_asked_for_are_told_with_the_signature(
    id, signature, said, course, grader, zygote
):
    exercise = course.exercises[id]
    source = f"def {signature}:\n    return 0\n"
    with Worker(zygote, {exercise.unit: source.encode()}) as worker:
        result = grader.grade(exercise, worker.call)
    assert said in result.message and f"`{exercise.signature}`" in result.message
    assert (result.status, result.mistake, result.degree) == ("crashed", "another_signature", "cause")


def test_an_endless_loop_is_told_with_its_line(course, grader, zygote):
    source = "def linear(x, weight, bias):\n    rounds = 0\n    while rounds < 10:\n        x = x + 1\n    return x\n"
    exercise = course.exercises["neurons.linear"]
    sources = {"neurons": source.encode()}
    with Worker(zygote, sources, seconds_a_request=3) as worker, Inspector(zygote, sources) as inspector:
        result = grader.grade(exercise, worker.call, inspects=inspector)
    assert (result.status, result.line, result.expression) == ("timeout", 3, "while rounds < 10:")


def test_of_several_calls_the_one_that_does_not_end_is_shown(course, grader, zygote):
    source = "def step_decay(step, base_lr, step_size, gamma=0.1):\n    rate = base_lr\n"
    source += "    while step >= step_size:\n        rate = rate * gamma\n    return rate\n"
    exercise = course.exercises["schedules.step_decay"]
    sources = {"schedules": source.encode()}
    with Worker(zygote, sources, seconds_a_request=3) as worker, Inspector(zygote, sources) as inspector:
        result = grader.grade(exercise, worker.call, inspects=inspector)
    assert (result.status, result.line) == ("timeout", 3)
    given = dict(line.split(" = ") for line in result.message.split("\n    ") if line.startswith("step"))
    assert int(given["step"]) >= int(given["step_size"])


def test_rounds_without_end_are_told_before_the_numbers_are_too_large(course, grader, zygote):
    source = (
        "def successive_halving(evaluate, num, budget):\n    left, spent = list(range(num)), 0\n"
        "    while len(left) > 1:\n        ranked = sorted((evaluate(i, budget), i) for i in left)\n"
        "        spent += budget * len(left)\n        left = [i for _, i in ranked[: len(left) // 2 + 1]]\n"
        "        budget *= 2\n    return left[0], spent\n"
    )
    exercise = course.exercises["tuning.successive_halving"]
    sources = {"tuning": source.encode()}
    with Worker(zygote, sources) as worker, Inspector(zygote, sources) as inspector:
        result = grader.grade(exercise, worker.call, inspects=inspector)
    assert (result.degree, result.line) == ("place", 4), result.message
    assert "nothing ends the loop" in result.message


def test_what_raises_in_a_check_of_its_own_has_a_line_and_operands(course, grader, zygote):
    source = (
        "import torch\ndef overfit_one_batch(x, labels, hidden, lr, steps, generator):\n"
        "    w = torch.randn(hidden, x.shape[1], generator=generator)\n    return [float((x @ w).sum())] * steps\n"
    )
    exercise = course.exercises["diagnostics.overfit_one_batch"]
    sources = {"diagnostics": source.encode()}
    with Worker(zygote, sources) as worker, Inspector(zygote, sources) as inspector:
        result = grader.grade(exercise, worker.call, inspects=inspector)
    assert (result.degree, result.line, result.expression) == ("place", 4, "x @ w"), result.message
    assert "as many columns on the left as rows on the right" in result.message


def test_writing_into_an_input_is_told_with_the_line(course, grader, zygote):
    source = (
        "import torch\ndef mse_loss(pred, target):\n    e = pred.detach().clone()\n    target[...] = target * 1.0\n"
        "    return ((pred - target) ** 2).mean()\n"
    )
    exercise = course.exercises["losses.mse_loss"]
    sources = {"losses": source.encode()}
    with Worker(zygote, sources) as worker, Inspector(zygote, sources) as inspector:
        result = grader.grade(exercise, worker.call, inspects=inspector)
    assert result.line == 4, result.message


def test_the_cut_in_a_graph_is_marked(course, grader, zygote):
    source = (
        "import torch\ndef softmax(logits):\n    e = torch.exp(logits - logits.amax(-1, keepdim=True).detach())\n"
        "    total = e.sum(-1, keepdim=True).detach()\n    return e / total\n"
    )
    exercise = course.exercises["losses.softmax"]
    sources = {"losses": source.encode()}
    with Worker(zygote, sources) as worker, Inspector(zygote, sources) as inspector:
        result = grader.grade(exercise, worker.call, inspects=inspector)
    # The first `detach` is as it should be: with the row's maximum as a constant all gradients are right.
    assert (result.line, result.expression) == (4, "e.sum(-1, keepdim=True).detach()"), result.message


def test_a_module_that_does_not_import_has_a_line(course, grader, zygote):
    exercise = course.exercises["losses.softmax"]
    with Worker(zygote, {"losses": b"import torch\n\ndef softmax(logits:\n    return logits\n"}) as worker:
        result = grader.grade(exercise, worker.call)
    assert (result.status, result.degree, result.line) == ("crashed", "place", 3)


def test_what_an_import_of_everything_brings_is_no_answer(course, grader, zygote):
    source = b"from torch import *\n\ndef mse_loss(pred, target):\n    return ((pred - target) ** 2).mean()\n"
    with Worker(zygote, {"losses": source}) as worker:
        statuses = [
            grader.grade(course.exercises[f"losses.{name}"], worker.call).status for name in ("softmax", "mse_loss")
        ]
    assert statuses == ["todo", "passed"]
