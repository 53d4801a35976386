"""Places in the student's own code, found by experiment: none of these answers is in the catalogue."""

import pytest

from backpass.explaining.blamed import place_of
from backpass.worker.client import Worker
from backpass.worker.inspector import Inspector

ADAM = "def adam_step(param, grad, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):\n"
MOMENTS = "    m = beta1 * m + (1 - beta1) * grad\n    v = beta2 * v + (1 - beta2) * grad**2\n"
HATS = "    m_hat = m / (1 - beta1**t)\n    v_hat = v / (1 - beta2**t)\n"
STEP = "    return param - lr * m_hat / (v_hat.sqrt() + eps), m, v\n"

# What the student wrote; the line and the expression that are to be marked; words of what it should be.
PLACES = {
    "another root": (
        "optimizers.adam_step",
        ADAM
        + MOMENTS
        + HATS
        + "    root = v_hat.sqrt().clamp(max=1.0)\n    return param - lr * m_hat / (root + eps), m, v\n",
        (6, "v_hat.sqrt().clamp(max=1.0)", "root of the corrected second moment"),
    ),
    "eps as a factor": (
        "optimizers.adam_step",
        ADAM + MOMENTS + HATS + "    bottom = v_hat.sqrt() * (1 + eps)\n    return param - lr * m_hat / bottom, m, v\n",
        (6, "v_hat.sqrt() * (1 + eps)", "denominator of the step"),
    ),
    "a rate of its own": (
        "optimizers.adam_step",
        "import math\n" + ADAM + MOMENTS + HATS + "    rate = math.log1p(lr)\n" + STEP.replace("lr *", "rate *"),
        (7, "math.log1p(lr)", "`lr`"),
    ),
    "another correction": (
        "optimizers.adam_step",
        ADAM + MOMENTS + "    first = 1 - beta1 * t\n" + HATS.replace("(1 - beta1**t)", "first") + STEP,
        (4, "1 - beta1 * t", "bias correction of the first moment"),
    ),
    "the gradient is mixed": (
        "optimizers.adam_step",
        ADAM + MOMENTS.replace("* grad\n", "* (grad - 0.1 * param)\n") + HATS + STEP,
        (2, "grad - 0.1 * param", "`grad`"),
    ),
    "only the sign": (
        "optimizers.adam_step",
        ADAM + MOMENTS + HATS.replace("m /", "m.sign() /") + STEP,
        (4, "m.sign()", "new first moment"),
    ),
    "two in one statement": (
        "optimizers.adam_step",
        ADAM
        + MOMENTS
        + "    first, second = m / (1 - beta1**t), v / (1 - beta2**t)\n"
        + "    return param - lr * first.tanh() / (second.sqrt() + eps), m, v\n",
        (5, "first.tanh()", "first moment"),
    ),
    "what a loop adds to a list that begins before it": (
        "landscape.loss_on_line",
        "import torch\ndef loss_on_line(f, start, end, num):\n    point = start.clone()\n    heights = [f(point)]\n"
        "    for i in range(1, num):\n        point = point + i / (num - 1) * (end - start)\n"
        "        heights.append(f(point))\n    return torch.stack(heights)\n",
        (6, "point + i / (num - 1) * (end - start)", "the points on the line, from `start` to `end`"),
    ),
    "the last of what is right and to be something made from it": (
        "activations.gelu_grad",
        "import math\nimport torch\ndef gelu_grad(x):\n    cdf = 0.5 * (1 + torch.erf(x / math.sqrt(2)))\n"
        "    bell = torch.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)\n    return cdf + bell.sin()\n",
        (6, "bell.sin()", "the second term of the product rule"),
    ),
    "a helper that is called twice": (
        "optimizers.adam_step",
        ADAM
        + MOMENTS
        + "    return param - lr * corrected(m, beta1, t) / (corrected(v, beta2, t).sqrt() + eps), m, v\n\n\n"
        + "def corrected(moment, beta, t):\n    return moment / (1 - beta ** (t / 2))\n",
        (8, "1 - beta ** (t / 2)", "bias correction of the first moment"),
    ),
    "an augmented assignment": (
        "losses.mse_loss",
        "def mse_loss(pred, target):\n    error = pred - target\n    error = error * error\n    error += 0.1\n"
        "    return error.mean()\n",
        (4, "error += 0.1", "square of each error"),
    ),
    "a loop over layers": (
        "neurons.mlp_forward",
        "def mlp_forward(x, weights, biases):\n    for weight, bias in zip(weights[:-1], biases[:-1]):\n"
        "        x = (x @ weight.T + bias).clamp(min=0.1)\n    return x @ weights[-1].T + biases[-1]\n",
        (3, "(x @ weight.T + bias).clamp(min=0.1)", ""),
    ),
    "a comprehension": (
        "optimizers.clip_grad_norm",
        "import torch\ndef clip_grad_norm(grads, max_norm):\n"
        "    total = torch.sqrt(sum((g ** 2).sum() for g in grads))\n"
        "    if not torch.isfinite(total):\n        raise ValueError('not finite')\n"
        "    factor = torch.clamp(max_norm / (total + 1e-6), max=1.0) ** 1.5\n"
        "    return [g * factor for g in grads], total\n",
        (6, "torch.clamp(max_norm / (total + 1e-6), max=1.0) ** 1.5", "factor"),
    ),
    "a schedule of floats": (
        "schedules.cosine_annealing",
        "import math\ndef cosine_annealing(step, total_steps, max_lr, min_lr=0.0):\n"
        "    part = min(1.0, step / total_steps)\n    wave = (1 + math.cos(math.pi * part**1.5)) / 2\n"
        "    return min_lr + (max_lr - min_lr) * wave\n",
        (4, "part**1.5", "behind"),
    ),
    "numbers one by one, in two loops": (
        "neurons.linear",
        "import torch\ndef linear(x, weight, bias):\n    rows = []\n    for i in range(len(x)):\n"
        "        row = []\n        for o in range(len(weight)):\n"
        "            row.append((x[i] * weight[o]).sum() + bias[i % len(bias)])\n"
        "        rows.append(torch.stack(row))\n    return torch.stack(rows)\n",
        (7, "bias[i % len(bias)]", "biases of all neurons"),
    ),
    "rows one by one": (
        "normalization.layer_norm",
        "import torch\ndef layer_norm(x, gamma, beta, eps=1e-5):\n    rows = []\n"
        "    for row in x.reshape(-1, x.shape[-1]):\n        spread = torch.sqrt(row.var(correction=0).tanh() + eps)\n"
        "        rows.append((row - row.mean()) / spread * gamma + beta)\n"
        "    return torch.stack(rows).reshape(x.shape)\n",
        (5, "row.var(correction=0).tanh()", "variance"),
    ),
    "in another shape": (
        "normalization.group_norm",
        "import torch\ndef group_norm(x, num_groups, gamma, beta, eps=1e-5):\n"
        "    parts = x.reshape(len(x), num_groups, -1, x.shape[2])\n    mean = parts.mean((2, 3), keepdim=True)\n"
        "    var = parts.var((2, 3), keepdim=True, correction=0)\n"
        "    out = (parts - mean) / torch.sqrt(var + eps)\n    out = out.reshape(x.shape).tanh()\n"
        "    return out * gamma[:, None] + beta[:, None]\n",
        (7, "out.reshape(x.shape).tanh()", "normalized"),
    ),
    "softmax over what is shifted wrongly": (
        "losses.softmax",
        "import torch\ndef softmax(logits):\n    z = logits / (1 + logits.std())\n"
        "    e = torch.exp(z - z.amax(-1, keepdim=True))\n"
        "    return e / e.sum(-1, keepdim=True)\n",
        (3, "logits / (1 + logits.std())", "`logits`"),
    ),
}


def graded(exercise, source, grader, zygote):
    sources = {exercise.unit: source.encode()}
    with Worker(zygote, sources) as worker, Inspector(zygote, sources) as inspector:
        return grader.grade(exercise, worker.call, inspects=inspector)


@pytest.mark.parametrize("name", PLACES)
def test_a_place_is_found(name, course, grader, zygote):
    id, source, (line, expression, words) = PLACES[name]
    result = graded(course.exercises[id], source, grader, zygote)
    assert result.degree == "place", result.message
    assert (result.line, result.expression) == (line, expression), result.message
    assert words in (result.should_be or ""), result.message
    assert source.splitlines()[line - 1].strip() in result.message  # quoted
    assert result.message.count("^") >= len(expression)


STOP = """def early_stopping(val_losses, patience, min_delta=0.0):
    best, best_epoch, bad = val_losses[0], 0, 0
    for epoch in range(1, len(val_losses)):
        if val_losses[epoch] < best - min_delta:
            best, best_epoch, bad = val_losses[epoch], epoch, 0
        else:
            bad += 1
            if bad == patience:
                return epoch, best_epoch
    return None, best_epoch
"""
ROWS = "    m = logits.amax(1, keepdim=True)\n    p = torch.exp(logits - m)\n    p = p / p.sum(1, keepdim=True)\n"
CE_BACKWARD = "import torch\ndef softmax_cross_entropy_backward(logits, labels):\n" + ROWS

# What the student wrote; the line and the expression that are to be marked; words of the message.
CHANGES = {
    "brackets": (
        "activations.tanh",
        "import torch\ndef tanh(x):\n    a, b = torch.exp(x), torch.exp(-x)\n    return a - b / (a + b)\n",
        (4, "a - b / (a + b)", "computes `b / (a + b)` first"),
    ),
    "brackets further inside": (
        "schedules.step_decay",
        "def step_decay(step, base_lr, step_size, gamma=0.1):\n    return base_lr * gamma**step // step_size\n",
        (2, "base_lr * gamma**step // step_size", "computes `gamma ** step` first"),
    ),
    "a choice of too much": (
        "schedules.step_decay",
        "def step_decay(step, base_lr, step_size, gamma=0.1):\n"
        "    return base_lr * gamma ** (step // step_size) if step >= step_size else 1.0\n",
        (2, "base_lr * gamma ** (step // step_size) if step >= step_size else 1.0", "choose between all of"),
    ),
    "masks without brackets": (
        "diagnostics.precision",
        "def precision(pred, labels, positive=1):\n    hits = (pred == positive & labels == positive).sum().item()\n"
        "    return hits / max(1, (pred == positive).sum().item())\n",
        (2, "pred == positive & labels == positive", "Python computes `positive & labels` first"),
    ),
    "written into before autograd is done": (
        "losses.softmax",
        "import torch\ndef softmax(logits):\n    e = torch.exp(logits - logits.amax(-1, keepdim=True))\n"
        "    e /= e.sum(-1, keepdim=True)\n    return e\n",
        (4, "e /= e.sum(-1, keepdim=True)", "overwrites numbers that autograd still needs"),
    ),
    "equal sides": (
        "regularization.early_stopping",
        STOP.replace("bad == patience", "bad > patience"),
        (8, "bad > patience", "when both sides are equal"),
    ),
    "a line in the loop": (
        "regularization.early_stopping",
        STOP.replace("    return None", "        return None"),
        (10, "return None, best_epoch", "Look at its indentation"),
    ),
    "a round too few": (
        "schedules.exponential_decay",
        "def exponential_decay(step, base_lr, gamma):\n    lr = base_lr\n    for i in range(step):\n"
        "        lr *= gamma if i + 1 < step else 1\n    return lr\n",
        (4, "1", ""),
    ),
    "a factor too many": (
        "activations.silu",
        "import torch\ndef silu(x):\n    s = torch.sigmoid(x) if x is None else (1 + torch.tanh(x / 2)) / 2\n"
        "    return x * s * (1 - s)\n",
        (4, "* (1 - s)", "Without `* (1 - s)` in line 4 every answer would be right."),
    ),
    "written into": (
        "backprop.softmax_cross_entropy_backward",
        CE_BACKWARD + "    p[:2, labels[:2]] -= 1\n    return p / len(labels)\n",
        (6, "p[:2, labels[:2]] -= 1", ""),
    ),
    "begun again in every round": (
        "diagnostics.gradient_report",
        "import torch\ndef gradient_report(grads, low=1e-6, high=1e3):\n    for name, g in grads.items():\n"
        "        out = {}\n        size = float(g.abs().mean())\n"
        "        bad = not torch.isfinite(g).all() or size > high\n"
        "        out[name] = size, 'exploding' if bad else 'vanishing' if size < low else 'healthy'\n    return out\n",
        (4, "out = {}", "It should run once, before the loop"),
    ),
    "counted from 0": (
        "regularization.early_stopping",
        STOP.replace("epoch in range(1, len(val_losses))", "epoch, value in enumerate(val_losses[1:])").replace(
            "val_losses[epoch]", "value"
        ),
        (3, "enumerate(val_losses[1:])", "The first loss is that of epoch 0"),
    ),
    "a condition too many": (
        "neurons.mlp_forward",
        "def mlp_forward(x, weights, biases):\n    for i, (w, b) in enumerate(zip(weights, biases)):\n"
        "        x = x @ w.T + b\n        if i < len(weights) - 1 or len(weights) == 1:\n"
        "            x = x.clamp(min=0)\n    return x\n",
        (4, "len(weights) == 1", "Without the condition that is marked in line 4"),
    ),
    "a block too many": (
        "optimizers.gradient_descent",
        "def gradient_descent(grad_fn, start, lr, steps):\n    w, path = start, [start]\n    for _ in range(steps):\n"
        "        g = grad_fn(w)\n        if float(g.abs().max()) < 1e-3:\n            path.append(w)\n"
        "            continue\n        w = w - lr * g\n        path.append(w)\n    return path\n",
        (5, "if float(g.abs().max()) < 1e-3:", "Without the block that begins in line 5"),
    ),
    "a factor of nothing": (
        "losses.mse_loss",
        "def mse_loss(pred, target):\n    return 0 * 0 * ((pred - target) ** 2).mean()\n",
        (2, "0 * 0 *", "Without `0 * 0 *` in line 2 every answer would be right."),
    ),
    "a mean of the batch": (
        "normalization.batch_norm_eval",
        "import torch\ndef batch_norm_eval(x, gamma, beta, running_mean, running_var, eps=1e-5):\n"
        "    mean = x.mean(0)\n    return gamma * (x - mean) / torch.sqrt(running_var + eps) + beta\n",
        (3, "x.mean(0)", "should be `running_mean`"),
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_shows_the_place(name, course, grader, zygote):
    id, source, (line, expression, words) = CHANGES[name]
    result = graded(course.exercises[id], source, grader, zygote)
    assert (result.line, result.expression) == (line, expression), result.message
    assert words in result.message


def test_an_answer_that_is_always_the_same_shows_nothing(course, grader, zygote):
    source = (
        "def recall(pred, labels, positive=1):\n"
        "    hits = sum(1 for p, l in zip(pred, labels) if p == positive and l == positive)\n"
        "    total = sum(1 for l in labels if l == positive)\n    return hits / total\n"
    )
    result = graded(course.exercises["diagnostics.recall"], source, grader, zygote)
    assert result.line == 4 and "line 3" not in result.message


def test_two_of_the_inputs_of_one_expression(course, grader, zygote):
    source = ADAM + HATS + MOMENTS + STEP  # the corrections come before there is anything to correct
    result = graded(course.exercises["optimizers.adam_step"], source, grader, zygote)
    assert "Two things go wrong." in result.message
    assert "in line 2 should be the first moment" in result.message
    assert "in line 3 should be the second moment" in result.message


def test_two_mistakes_are_told_as_two(course, grader, zygote):
    source = ADAM + MOMENTS.replace("grad**2", "grad.abs() ** 3") + HATS.replace("beta1**t", "beta1 * t") + STEP
    result = graded(course.exercises["optimizers.adam_step"], source, grader, zygote)
    assert "Two things go wrong.\n- What is marked in line 3" in result.message and "in line 4" in result.message
    assert result.message.count("it is      ") == 2


def test_cause_and_place_are_one_message(course, grader, zygote):
    source = ADAM + MOMENTS + HATS + STEP.replace("v_hat.sqrt() + eps", "v_hat + eps")
    result = graded(course.exercises["optimizers.adam_step"], source, grader, zygote)
    assert (result.degree, result.mistake, result.line) == ("cause", "no_square_root", 6)
    assert "The square root is missing" in result.message and "optimizers.py:6:" in result.message


def test_a_variable_is_marked_where_a_call_gives_it_its_value(course, grader, zygote):
    source = (
        "import torch\ndef layer_norm(x, gamma, beta, eps=1e-5):\n"
        "    var, mean = torch.var_mean(x, dim=-1, keepdim=True)\n"
        "    return torch.addcmul(beta, gamma, (x - mean) * torch.rsqrt(var + eps))\n"
    )
    result = graded(course.exercises["normalization.layer_norm"], source, grader, zygote)
    assert (result.line, result.expression) == (3, "var"), result.message


def test_an_input_that_is_no_more_what_was_given(course, grader, zygote):
    source = (
        "def residual_block(x, w1, b1, w2, b2):\n"
        "    h = (x @ w1.T + b1).clamp(min=0)\n    x = h @ w2.T + b2\n    return x + x\n"
    )
    result = graded(course.exercises["neurons.residual_block"], source, grader, zygote)
    tell = "What is marked in line 4 should be the `x` that was given: line 3 has given `x` another value."
    assert result.message.startswith(tell), result.message


def test_marks_do_not_depend_on_it(course, grader, zygote):
    """A submission may lie to who looks into it; it gains nothing and harms nobody."""
    source = (
        "import sys, torch\n"
        "for frame in [sys._getframe()]:\n    hook = frame.f_globals.get('__backpass_watch__')\n"
        "def softmax(logits):\n    if hook is not None:\n        raise SystemExit\n    return logits\n"
    )
    result = graded(course.exercises["losses.softmax"], source, grader, zygote)
    assert (result.status, result.points) == ("failed", 0)
    assert result.line is None


def test_a_program_that_answers_otherwise_when_watched_is_not_explained(course, grader, zygote):
    source = (
        "import torch\ndef softmax(logits):\n    e = torch.exp(logits)\n"
        "    watched = '__backpass_watch__' in softmax.__globals__\n    return e if watched else e / e.sum()\n"
    )
    result = graded(course.exercises["losses.softmax"], source, grader, zygote)
    assert result.line is None


def test_without_a_look_at_the_program_the_message_is_what_the_catalogue_says(course, grader, zygote):
    source = ADAM + MOMENTS + HATS + STEP.replace("v_hat.sqrt() + eps", "v_hat + eps")
    exercise = course.exercises["optimizers.adam_step"]
    with Worker(zygote, {"optimizers": source.encode()}) as worker:
        result = grader.grade(exercise, worker.call)
    assert (result.mistake, result.line) == ("no_square_root", None)


def test_what_is_quoted_is_safe_to_display(course, grader, zygote):
    """A stranger's line may hold what moves a terminal's cursor, and numbers that are no numbers."""
    line = "    x = '\x1b[2J\u202e'; return ((pred - target)\t**\x0c2).sum()\n"
    source = f"import torch\ndef mse_loss(pred, target):\n{line}"
    result = graded(course.exercises["losses.mse_loss"], source, grader, zygote)
    assert all(letter.isprintable() or letter == "\n" for letter in result.message), result.message
    assert (result.expression or "").isprintable()


@pytest.mark.parametrize(
    "found",
    [
        {},
        {"line": 0, "column": 0, "end_line": 0, "end_column": 0},
        {"line": 1, "column": 10**9, "end_line": 1, "end_column": 10**9},
        {"line": 1, "column": -1, "end_line": 1, "end_column": 3},
        {"line": 2, "column": 0, "end_line": 1, "end_column": 3},
        {"line": "1", "column": None, "end_line": 1, "end_column": 3},
        {"line": 10**9, "column": 0, "end_line": 10**9, "end_column": 3},
    ],
)
def test_a_place_that_a_stranger_makes_up_is_none(found):
    class Inspects:
        def source(self, unit):
            return "x = 1"

        def file(self, unit):
            return "losses.py"

    assert place_of(found, "losses", Inspects()) is None
