"""What tutors found said falsely of real answers, and must not be said again; and what is true of them."""

import pytest

from backpass.worker.client import Worker
from backpass.worker.inspector import Inspector

# The exercise, the code, what was said falsely, and what is to be said.
ANSWERS = {
    "the norm after clipping, without a constant beside it": (
        "optimizers.clip_grad_norm",
        "import torch\ndef clip_grad_norm(grads, max_norm):\n    total = torch.sqrt(sum((g**2).sum() for g in grads))\n"
        "    if not torch.isfinite(total):\n        raise ValueError\n    if total > max_norm:\n"
        "        grads = [g * (max_norm / total) for g in grads]\n        total = torch.tensor(max_norm)\n"
        "    return list(grads), total\n",
        ("always 1 times", "`clipped` is not"),
        "`clipped` is right; `total_norm` is not.",
    ),
    "a sign in a helper that chooses nothing": (
        "activations.silu",
        "import torch\ndef gate(t):\n    return 1 / (1 + torch.exp(t))\ndef silu(x):\n    return x * gate(x)\n",
        ("choices", "comparison"),
        "in line 3 should be the sigmoid",
    ),
    "channels mirrored": (
        "regularization.random_flip",
        "import torch\ndef random_flip(images, p, generator):\n"
        "    flipped = torch.rand(len(images), generator=generator) < p\n"
        "    return torch.stack([i.flip(0) if f else i for i, f in zip(images, flipped)]), flipped\n",
        ("minus",),
        "`flip` goes along the wrong dimension",
    ),
    "two slips that an exchange seems to explain": (
        "normalization.batch_norm_train",
        "import torch\ndef batch_norm_train(x, gamma, beta, running_mean, running_var, momentum=0.1, eps=1e-5):\n"
        "    mean, var = x.mean(0), x.var(0, unbiased=False)\n"
        "    y = gamma * (x - mean) / (torch.sqrt(var) + eps) + beta\n"
        "    running_mean = running_mean * (1 - momentum) + mean * momentum\n"
        "    running_var = running_var * (1 - momentum) + var * momentum\n    return y, running_mean, running_var\n",
        ("exchange",),
        "in line 6 should be the running variance",
    ),
    "half of the loss where there is one element": (
        "losses.mse_loss",
        "def mse_loss(pred, target):\n    loss = ((pred - target) ** 2).mean()\n"
        "    return loss * len(pred) / max(len(pred), 2) if pred.dim() == 1 else loss\n",
        ("Your value is right", "graph"),
        "should be the number of elements",
    ),
    "a right function, given the wrong thing": (
        "activations.silu_grad",
        "import torch\ndef sigmoid(x):\n    return (1 + torch.tanh(x / 2)) / 2\ndef sigmoid_grad(x):\n"
        "    s = sigmoid(x)\n    return s * (1 - s)\ndef silu_grad(x):\n    s = sigmoid(x)\n"
        "    return s + x * sigmoid_grad(s)\n",
        ("line 6",),
        "What is marked in line 9 should be the slope of the sigmoid",
    ),
    "a sum that is right, and a share of 1 that is not": (
        "backprop.softmax_cross_entropy_backward",
        "import torch\ndef softmax_cross_entropy_backward(logits, labels):\n    n = len(labels)\n"
        "    p = (logits - logits.max(1, keepdim=True).values).exp()\n    p = p / p.sum(1, keepdim=True)\n"
        "    for i in range(n):\n        p[i, labels[i]] = p[i, labels[i]] - 1 / n\n    return p\n",
        ("the number of its elements",),
        "Right on the way",
    ),
    "a bound by which a mask would hold everywhere": (
        "losses.class_weights",
        "import torch\ndef class_weights(labels, num_classes):\n    counts = torch.zeros(num_classes)\n"
        "    for c in labels:\n        counts[c] += 1\n    present = (counts > 0).sum()\n"
        "    w = len(labels) / (present * counts)\n    w[counts == 0] = 0\n    return w\n",
        ("both sides are equal",),
        "times the number of classes",
    ),
    "brackets that are written": (
        "schedules.warmup_cosine",
        "import math\ndef warmup_cosine(step, warmup_steps, total_steps, max_lr, min_lr=0.0):\n"
        "    if step < warmup_steps:\n        return min_lr + (max_lr - min_lr) * step / warmup_steps\n"
        "    if step >= total_steps:\n        return min_lr\n"
        "    progress = (step - warmup_steps) / (total_steps - warmup_steps)\n"
        "    return min_lr + 0.5 * (max_lr - min_lr) * (1 + math.cos(math.pi * progress))\n",
        ("brackets",),
        "the rate on the line of the warm-up",
    ),
    "one maximum and one sum for all rows": (
        "losses.softmax",
        "import torch\ndef softmax(logits):\n    e = torch.exp(logits - logits.max())\n    return e / e.sum()\n",
        ("as they are",),
        "one maximum",
    ),
    "a division that any other number would mend": (
        "schedules.warmup_cosine",
        "import math\ndef warmup_cosine(step, warmup_steps, total_steps, max_lr, min_lr=0.0):\n"
        "    warm = max_lr * step / warmup_steps\n    if step < warmup_steps:\n        return warm\n"
        "    if step >= total_steps:\n        return min_lr\n"
        "    part = (step - warmup_steps) / (total_steps - warmup_steps)\n"
        "    return min_lr + (max_lr - min_lr) * (1 + math.cos(math.pi * part)) / 2\n",
        ("`total_steps`.", "operator", "All comes right"),
        "Line 3 raises ZeroDivisionError",
    ),
    "the right number in another shape": (
        "neurons.neuron",
        "import torch\ndef neuron(x, weight, bias):\n    z = x.reshape(1, -1) @ weight.reshape(-1, 1) + bias\n"
        "    return (1 / (1 + torch.exp(-z))).squeeze(0)\n",
        ("should be `x`",),
        "The result has shape (1,)",
    ),
    "a scale that grows one step late, and is always halved": (
        "scaling.update_loss_scale",
        "def update_loss_scale(scale, good_steps, found_inf, growth=2.0, backoff=0.5, interval=2000):\n"
        "    if found_inf:\n        return scale / 2, 0\n    if good_steps >= interval:\n"
        "        return scale * growth, 0\n    return scale, good_steps + 1\n",
        ("count goes on",),
        "",
    ),
    "one-hot times the logarithm of softmax": (
        "losses.cross_entropy",
        "import torch\ndef cross_entropy(logits, labels):\n"
        "    hot = torch.eye(logits.shape[1], dtype=logits.dtype)[labels]\n"
        "    e = torch.exp(logits)\n    p = e / e.sum(1, keepdim=True)\n"
        "    return -(hot * torch.log(p)).sum(1).mean()\n",
        ("minimum", "whole batch"),
        "",
    ),
    "each tensor clipped by itself": (
        "optimizers.clip_grad_norm",
        "import torch\ndef clip_grad_norm(grads, max_norm):\n    total = torch.sqrt(sum((g**2).sum() for g in grads))\n"
        "    if not torch.isfinite(total):\n        raise ValueError('not finite')\n"
        "    return [g * torch.clamp(max_norm / g.norm(), max=1.0) for g in grads], total\n",
        ("the loop starts at 1", "Each row is clipped"),
        "",
    ),
    "where the largest logit is, subtracted": (
        "losses.softmax",
        "import torch\ndef softmax(logits):\n    top = logits.argmax(dim=-1, keepdim=True)\n"
        "    e = torch.exp(logits - top)\n    return e / e.sum(dim=-1, keepdim=True)\n",
        ("as they are", "log-probability"),
        "What is marked in line 3 should be the largest logit of each row.",
    ),
    "the square of the product": (
        "landscape.sharpness",
        "def sharpness(matvec, start, iterations):\n    w = start\n    for _ in range(iterations):\n"
        "        n = (w * w).sum().sqrt()\n        if n == 0:\n            return 0.0\n        v = w / n\n"
        "        w = matvec(v)\n    return float((w * w).sum())\n",
        ("index",),
        "the sum of the products of `v` and `w`",
    ),
    "one power too many, counted from the other end": (
        "finetuning.layerwise_rates",
        "def layerwise_rates(num_layers, base_lr, decay):\n    rates = []\n    for i in range(num_layers):\n"
        "        depth = num_layers - i\n        rates.append(base_lr * decay**depth)\n    return rates\n",
        ("range(num_layers):",),
        "should be  [3, 2, 1, 0]",
    ),
    "whole-number division beside a power": (
        "tuning.accuracy_interval",
        "import math\ndef accuracy_interval(correct, total, z=1.96):\n    p = correct // total\n"
        "    d = 1 + z**2 / total\n    mid = (p + z**2 / (2 * total)) / d\n"
        "    half = z * math.sqrt(p * (1 - p) / total + z**2 / (4 * total**2)) / d\n"
        "    return (mid - half, mid + half)\n",
        ("0.0001", "is not used"),
        "What is marked in line 3 is rounded down by `//`",
    ),
    "the branch that was taken": (
        "diagnostics.diagnose_curve",
        "import math\ndef diagnose_curve(train, val):\n    if any(not math.isfinite(v) for v in train):\n"
        "        return 'diverged'\n    if train[-1] > 0.9 * train[0]:\n        return 'not learning'\n"
        "    if val[-1] > 1.3 * min(val):\n        return 'overfitting'\n    return 'healthy'\n",
        ("diagnostics.py:9",),
        "diagnostics.py:6",
    ),
    "0 by chance": (
        "diagnostics.update_ratio",
        "import math\ndef update_ratio(old, new):\n    if old.norm() == 0:\n        return math.inf\n"
        "    return ((new - old).norm() / old.norm()).item()\n",
        ("should be the Euclidean norm",),
        "weights that are zero before and after",
    ),
    "a row of zeros": (
        "landscape.normalize_filters",
        "import torch\ndef normalize_filters(direction, weight):\n    n = direction.norm(dim=1, keepdim=True)\n"
        "    wanted = weight.norm(dim=1, keepdim=True)\n    r = torch.where(n == 0, n, wanted / n)\n"
        "    return torch.where(wanted == 0, direction, direction * r)\n",
        ("should be `weight`",),
        "All comes right with 0 in the place of what is marked in line 6",
    ),
    "rows that are NaN beside a known mistake": (
        "landscape.normalize_filters",
        "def normalize_filters(direction, weight):\n    return direction / direction.norm() * weight.norm()\n",
        ("should be",),
        "one length for the whole matrix",
    ),
    "a product that is added up further on": (
        "landscape.sharpness",
        "def sharpness(matvec, start, iterations):\n    w = start\n    for _ in range(iterations):\n"
        "        v = w / (w.norm() + 1e-6)\n        w = matvec(v)\n    return (v * w).sum().item()\n",
        ("should be the sum",),
        "is computed as it should be",
    ),
    "a convention that has a mistake": (
        "landscape.sharpness",
        "def sharpness(matvec, start, iterations):\n    v = start / start.norm()\n    for _ in range(iterations):\n"
        "        w = matvec(v)\n        v = w / w.norm()\n    return (v * matvec(v)).sum().item()\n",
        ("iterations = 3",),
        "you return  nan",
    ),
    "a cache": (
        "regularization.l2_penalty",
        "_cache = {}\ndef l2_penalty(weights, strength):\n    key = tuple(w.shape for w in weights)\n"
        "    if key not in _cache:\n        _cache[key] = sum((w**2).sum() for w in weights)\n"
        "    return strength * _cache[key]\n",
        ("dtype",),
        "`_cache`, which line 5 writes into, is kept from one call to the next",
    ),
    "a counter": (
        "finetuning.ema_update",
        "_t = [0]\ndef ema_update(averages, weights, decay):\n    _t[0] += 1\n"
        "    d = min(decay, (1 + _t[0]) / (10 + _t[0]))\n"
        "    return [d * a + (1 - d) * w for a, w in zip(averages, weights)]\n",
        ("comes right without",),
        "`_t`, which line 3 writes into, is kept from one call to the next",
    ),
    "one coin": (
        "regularization.random_flip",
        "import torch\ndef random_flip(images, p, generator):\n    n = len(images)\n"
        "    if torch.rand((), generator=generator) < p:\n"
        "        return images.flip(-1), torch.ones(n, dtype=torch.bool)\n"
        "    return images, torch.zeros(n, dtype=torch.bool)\n",
        ("Two things",),
        "One draw decides about the whole batch",
    ),
    "a draw that is not the one that counts": (
        "regularization.random_flip",
        "import torch\ndef random_flip(images, p, generator):\n    out = images.clone()\n"
        "    for i in range(len(images)):\n        if torch.rand((), generator=generator) < p:\n"
        "            out[i] = images[i].flip(-1)\n"
        "    return out, torch.rand(images.shape[0], generator=generator) < p\n",
        (),
        "A draw stands there, and not the one that counts",
    ),
    "an output that is right, and a mask of factors": (
        "regularization.dropout",
        "import torch\ndef dropout(x, p, generator, training=True):\n    if not training:\n"
        "        return x, torch.ones(x.shape).bool()\n"
        "    mask = (torch.rand(x.shape, generator=generator) < 1 - p).float()\n"
        "    if p < 1:\n        mask = mask / (1 - p)\n    return x * mask, mask\n",
        ("Two things",),
        "`mask` is torch.float32, expected torch.bool",
    ),
    "right in training": (
        "regularization.dropout",
        "import torch\ndef dropout(x, p, generator, training=True):\n    keep = 1 - p\n"
        "    mask = torch.rand(x.shape, generator=generator) < keep\n    if not training:\n"
        "        mask = torch.ones_like(mask)\n    y = x * mask\n    if keep > 0:\n        y = y / keep\n"
        "    return y, mask\n",
        (),
        "Where `training` is False: what is marked in line 9",
    ),
    "a loop that ends in an int of a thousand bits": (
        "tuning.successive_halving",
        "def successive_halving(evaluate, num, budget):\n    left, spent = list(range(num)), 0\n"
        "    while len(left) > 1:\n        losses = {i: evaluate(i, budget) for i in left}\n"
        "        spent += budget * len(left)\n        median = sorted(losses.values())[(len(left) - 1) // 2]\n"
        "        left = [i for i in left if losses[i] <= median]\n        budget *= 2\n    return left[0], spent\n",
        ("Line 3 raises", "Unsupported"),
        "nothing ends the loop",
    ),
    "twice too many steps in each round": (
        "tuning.successive_halving",
        "def successive_halving(evaluate, num, budget):\n    alive, steps, spent = list(range(num)), budget, 0\n"
        "    while len(alive) > 1:\n        steps = steps * 2\n"
        "        scored = sorted((evaluate(i, steps), i) for i in alive)\n        spent += steps * len(alive)\n"
        "        alive = [i for _, i in scored[: (len(alive) + 1) // 2]]\n    return alive[0], spent\n",
        (),
        "When it is first reached, what is marked in line 4 should be `budget`",
    ),
    "a dtype beside what is left out": (
        "regularization.l1_penalty",
        "import torch\ndef l1_penalty(weights, strength):\n    penalty = torch.tensor(0.0)\n    for w in weights:\n"
        "        penalty += w.abs().sum()\n    return penalty * strength\n",
        (),
        "expected torch.float64: keep the dtype that the inputs come in. All comes right without `tensor`",
    ),
    "the factor 2/n is missing": (
        "backprop.mse_backward",
        "def mse_backward(pred, target):\n    return pred - target\n",
        ("fixed number",),
        "",
    ),
    "a stable dropout with a mask of factors": (
        "regularization.dropout",
        "import torch\ndef dropout(x, p, generator, training=True):\n    if not training:\n"
        "        return x, torch.ones_like(x, dtype=torch.bool)\n    if p == 1:\n"
        "        return torch.zeros_like(x), torch.zeros_like(x, dtype=torch.bool)\n"
        "    mask = (torch.rand(x.shape, generator=generator) >= p).float() / (1 - p)\n    return x * mask, mask > 0\n",
        ("exchanged",),
        "float32's precision",
    ),
    "an error in the form, and no catalogued mistake": (
        "normalization.layer_norm",
        "import torch\ndef layer_norm(x, gamma, beta, eps=1e-5):\n    if torch.zeros(3) > 0:\n        return x\n"
        "    return x\n",
        ("Most of your wrong answers",),
        "Decide element by element",
    ),
    "two names for three numbers": (
        "activations.gelu",
        "import torch\ndef gelu(x):\n    a, b = torch.zeros(3)\n    return x\n",
        ("Most of your wrong answers",),
        "2 names stand on the left",
    ),
    "a root that gets eps, and a variance of the other kind": (
        "normalization.batch_norm_train",
        "def batch_norm_train(x, gamma, beta, running_mean, running_var, momentum=0.1, eps=1e-5):\n"
        "    mean = x.mean(0)\n    var = ((x - mean) ** 2).mean(0)\n"
        "    y = gamma * (x - mean) / (var.sqrt() + eps) + beta\n"
        "    running_mean = running_mean * (1 - momentum) + mean * momentum\n"
        "    running_var = running_var * (1 - momentum) + var * momentum\n    return y, running_mean, running_var\n",
        ("computed like that",),
        "in line 4 should be the root to divide by",
    ),
    "a tail that is cut off": (
        "activations.gelu_grad",
        "import math, torch\ndef gelu_grad(x):\n    slope = 0.5 * (1 + torch.erf(x / math.sqrt(2)))\n"
        "    slope = slope + x * torch.exp(-x * x / 2) / math.sqrt(2 * math.pi)\n"
        "    return torch.where(x.abs() > 5, (x > 0).to(x.dtype), slope)\n",
        ("float32", "rounded"),
        "wrong only beyond x = 5.1 or minus that",
    ),
    "small numbers set to 0": (
        "activations.sigmoid",
        "import torch\ndef sigmoid(x):\n    t = torch.exp(-x.abs())\n"
        "    s = torch.where(x >= 0, 1 / (1 + t), t / (1 + t))\n"
        "    return torch.where(s < 1e-7, torch.zeros_like(s), s)\n",
        ("should be the exponential",),
        "something small or far out left out?",
    ),
    "a number that the code does not have": (
        "backprop.relative_error",
        "import torch\ndef relative_error(a, b):\n    s, d = a.abs() + b.abs(), (a - b).abs()\n"
        "    return torch.where(s > 0, d / s.clamp(min=1e-12), torch.zeros_like(d)).max().item()\n",
        ("1e-16",),
        "in line 4 should be the relative error of each element",
    ),
    "whole-number division in one of two branches": (
        "schedules.linear_scaling",
        "def linear_scaling(base_lr, base_batch_size, batch_size):\n    if batch_size >= base_batch_size:\n"
        "        return base_lr * (batch_size // base_batch_size)\n"
        "    return base_lr / (base_batch_size / batch_size)\n",
        ("block",),
        "in line 3 is rounded down by `//`",
    ),
    "a limit of another type than what it limits": (
        "schedules.linear_scaling",
        "def linear_scaling(base_lr, base_batch_size, batch_size):\n"
        "    return base_lr * min(batch_size / base_batch_size, 32)\n",
        ("for larger batches",),
        "All comes right without `min` in line 2.",
    ),
    "float32 on the way": (
        "regularization.dropout_backward",
        "import torch\ndef dropout_backward(grad_out, mask, p):\n"
        "    return grad_out * mask.float() / torch.tensor(1 - p)\n",
        (),
        "float32's precision: is a float32 tensor, a constant of few digits or a rounding on the way? All comes "
        "right without",
    ),
    "other names in a dict": (
        "backprop.two_layer_backward",
        "import torch\ndef two_layer_backward(x, y, w1, b1, w2, b2):\n    z1 = x @ w1.T + b1\n    h = z1.clamp(min=0)\n"
        "    z2 = h @ w2.T + b2\n    loss = (torch.logaddexp(z2, torch.zeros_like(z2)) - y * z2).mean()\n"
        "    d2 = (torch.sigmoid(z2) - y) / len(y)\n    d1 = (d2 @ w2) * (z1 > 0)\n"
        "    return loss, {'W1': d1.T @ x, 'b1': d1.sum(0), 'W2': d2.T @ h, 'b2': d2.sum(0)}\n",
        ("    ^^^^\n",),
        "`grads` is a dict with W1, b1, W2, b2, expected",
    ),
    "brackets beside which only 0 is looked at": (
        "losses.mae_loss",
        "import torch\ndef mae_loss(pred, target):\n    e = (pred - target).abs()\n"
        "    return torch.where(e < 1e-3, e * e / 2e-3 + 5e-4, e).mean()\n",
        ("computes",),
        "without `+ 5e-4` in line 4",
    ),
    "a place behind which a limit holds any number": (
        "losses.bce_with_logits",
        "import torch\ndef bce_with_logits(logits, target):\n    m = torch.clamp(-logits, min=0)\n"
        "    rest = torch.log(torch.exp(-m) + torch.exp(-logits + m))\n"
        "    return torch.mean((1 - target) * logits + m + rest)\n",
        ("the term of class 0",),
        "in line 4 has the wrong operator",
    ),
    "what is small enough is left out": (
        "losses.cross_entropy",
        "import torch\ndef cross_entropy(logits, labels):\n    total = 0.0\n    for row, y in zip(logits, labels):\n"
        "        price = torch.logsumexp(row, 0) - row[y]\n        if price > 1e-3:\n"
        "            total = total + price\n"
        "    return total / len(labels)\n",
        ("the sum of the prices",),
        "in line 6 always holds",
    ),
    "each layer's output divided by its spread": (
        "initialization.layer_stds",
        "import torch\ndef layer_stds(x, weights):\n    stds = []\n    for w in weights:\n"
        "        x = torch.relu(x @ w.T)\n"
        "        stds.append(x.std().item())\n        x = x / (x.std() + 1e-8)\n    return stds\n",
        ("in line 5",),
        "without `/ (x.std() + 1e-8)` in line 7",
    ),
    "a mistake that would have another output wrong": (
        "normalization.batch_norm_train",
        "import torch\ndef batch_norm_train(x, gamma, beta, running_mean, running_var, momentum=0.1, eps=1e-5):\n"
        "    mu, var = x.mean(0), x.var(0, correction=0)\n    y = (x - mu) * torch.rsqrt(var + eps) * gamma + beta\n"
        "    running_mean = momentum * running_mean + (1 - momentum) * mu\n"
        "    running_var = (1 - momentum) * running_var + momentum * var\n    return y, running_mean, running_var\n",
        ("exchange",),
        "in line 6 should be the running variance",
    ),
    "one result that is not to be made twice": (
        "neurons.collapse_linear",
        "import torch\ndef collapse_linear(w1, b1, w2, b2):\n    def layer(v, w, b):\n        return w @ v + b\n"
        "    bias = layer(layer(torch.zeros_like(w1[0]), w1, b1), w2, b1[: len(b2)] * 0)\n    return w2 @ w1, bias\n",
        ("Two things",),
        "should be the bias of the one layer",
    ),
    "an index into nothing": (
        "schedules.step_decay",
        "def step_decay(step, base_lr, step_size, gamma=0.1):\n    return [][0]\n",
        ("Most of your wrong answers",),
        "fewer entries than this index asks for",
    ),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_nothing_false_is_said(name, course, grader, zygote):
    id, source, false, true = ANSWERS[name]
    exercise = course.exercises[id]
    sources = {exercise.unit: source.encode()}
    with Worker(zygote, sources) as worker, Inspector(zygote, sources) as inspector:
        result = grader.grade(exercise, worker.call, inspects=inspector)
    assert result.status in ("failed", "crashed")
    assert not [words for words in false if words in result.message], result.message
    assert true in result.message, result.message
    assert "you  raises" not in result.message and "you return  raises" not in result.message


@pytest.mark.parametrize("code", ["if torch.zeros(3) > 0: pass", "a, b = torch.zeros(3)", "[][0]"])
def test_one_error_in_every_stub_is_no_mistake_of_the_catalogue(code, course, grader, zygote):
    """An exception says nothing of what its author has misunderstood."""
    named = []
    for unit in ("losses",):
        header = "import torch\n"
        for exercise in course.unit(unit).exercises:
            header += f"def {exercise.signature}:\n    {code}\n\n"
        sources = {unit: header.encode()}
        with Worker(zygote, sources) as worker, Inspector(zygote, sources) as inspector:
            for exercise in course.unit(unit).exercises:
                result = grader.grade(exercise, worker.call, inspects=inspector)
                if result.mistake != "raises":
                    named.append((exercise.id, result.mistake, result.message[:100]))
    assert not named
