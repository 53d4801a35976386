"""The sick run of the lab: train it as it was found, or with settings changed, and read its log.

    python exercises/diagnostics/sick_run.py
    python exercises/diagnostics/sick_run.py lr=0.5 epochs=30

The same settings give the same log. Each run is added to labs/sick_run.jsonl, a line a run: its settings, and the
losses `train` and `val`, the first before training and one after each epoch.
"""

import json
import math
import sys
import textwrap
from dataclasses import asdict, dataclass, fields
from itertools import pairwise
from pathlib import Path

import torch

RUNS = Path("labs") / "sick_run.jsonl"
INPUTS = ("raw", "standardized")
FLOAT = torch.float64  # so that rounding does not make another run of it on another machine
CLASSES, SENSORS, WIDTH, LAYERS = 10, 16, 32, 5
TRAINING, VALIDATION = 1000, 500
HEAD = """
      training valid.          gradient, layer    step, layer  saturated, layer
epoch    loss    loss  right      1     3     5      1     5    1   2   3   4"""
LINE = "{:>5} {:>7} {:>7} {:>6}  {:>5} {:>5} {:>5}  {:>5} {:>5}  {:>3} {:>3} {:>3} {:>3}"


@dataclass(frozen=True)
class Settings:
    """What the run is trained with; the defaults are what it was found with."""

    inputs: str = "raw"  # or "standardized": over the training set, each sensor has mean 0 and standard deviation 1
    gain: float = 0.1  # the first weights are normal, with the standard deviation gain / sqrt(fan_in)
    batch_size: int = 50
    lr: float = 5.0
    momentum: float = 0.9
    weight_decay: float = 0.05  # this share of each weight is added to its gradient
    inputs_seed: int = 7  # in which order the recordings are read
    labels_seed: int = 8  # in which order their labels are read
    epochs: int = 20
    seed: int = 0  # of the first weights and the batches


def asked_for(words):
    """The Settings that words such as lr=0.5 ask for."""
    kinds = {field.name: field.type for field in fields(Settings)}
    values = {}
    for word in words:
        name, _, text = word.partition("=")
        if name not in kinds:
            sys.exit(f"{word!r}: NAME=VALUE is asked for; the names are {', '.join(kinds)}.")
        try:
            values[name] = kinds[name](text)
        except ValueError:
            kind = "an int" if kinds[name] is int else "a number"
            sys.exit(f"{word!r}: {name} is {kind}, such as {getattr(Settings, name)}.")
    settings = Settings(**values)
    if settings.inputs not in INPUTS:
        sys.exit(f"inputs={settings.inputs}: it is {' or '.join(INPUTS)}.")
    if not (settings.batch_size >= 1 and 1 <= settings.epochs <= 200):
        sys.exit("batch_size is at least 1, and epochs from 1 to 200.")
    return settings


def recordings():
    """Readings of 16 sensors (N, 16) and which of ten noises each is (N,): three clouds of points to a noise."""
    generator = torch.Generator().manual_seed(1)
    count = TRAINING + VALIDATION
    labels = torch.arange(count) % CLASSES
    centres = torch.randn(3 * CLASSES, SENSORS, generator=generator, dtype=FLOAT)
    cloud = torch.randint(3, (count,), generator=generator)
    noise = torch.randn(count, SENSORS, generator=generator, dtype=FLOAT)
    return 10 * (centres[3 * labels + cloud] + 0.7 * noise + 1), labels


def shuffled(values, seed):
    return values[torch.randperm(len(values), generator=torch.Generator().manual_seed(seed))]


def forward(params, x):
    """The activations of the four hidden layers, and the logits."""
    weights, biases = params[:LAYERS], params[LAYERS:]
    hidden = []
    for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
        x = torch.tanh(x @ weight.T + bias)
        hidden.append(x)
    return hidden, x @ weights[-1].T + biases[-1]


def cross_entropy(params, x, labels):
    return torch.nn.functional.cross_entropy(forward(params, x)[1], labels)


def looked_at(params, train, val):
    """What the log says of an epoch, but for the steps: the training set as a whole, and nothing is changed."""
    loss = cross_entropy(params, *train)
    grads = torch.autograd.grad(loss, params)[:LAYERS]
    with torch.no_grad():
        hidden, _ = forward(params, train[0])
        logits = forward(params, val[0])[1]
        return {
            "train": loss.item(),
            "val": cross_entropy(params, *val).item(),
            "right": (logits.argmax(1) == val[1]).double().mean().item(),
            "gradients": [grad.abs().mean().item() for grad in grads],
            "saturated": [(each.abs() > 0.99).double().mean().item() for each in hidden],
        }


def run(settings):
    """The log of a run: a dict before the first epoch, and one after each."""
    x, labels = recordings()
    x, labels = shuffled(x, settings.inputs_seed), shuffled(labels, settings.labels_seed)
    if settings.inputs == "standardized":
        x = (x - x[:TRAINING].mean(0)) / x[:TRAINING].std(0)
    train, val = (x[:TRAINING], labels[:TRAINING]), (x[TRAINING:], labels[TRAINING:])
    generator = torch.Generator().manual_seed(settings.seed)
    sizes = list(pairwise([SENSORS, *[WIDTH] * (LAYERS - 1), CLASSES]))
    weights = [settings.gain / math.sqrt(n) * torch.randn(out, n, generator=generator, dtype=FLOAT) for n, out in sizes]
    params = [each.requires_grad_() for each in (*weights, *(torch.zeros(out, dtype=FLOAT) for _, out in sizes))]
    velocities = [torch.zeros_like(param) for param in params]
    log = [looked_at(params, train, val)]
    for _ in range(settings.epochs):
        for rows in torch.randperm(TRAINING, generator=generator).split(settings.batch_size):
            grads = torch.autograd.grad(cross_entropy(params, train[0][rows], train[1][rows]), params)
            with torch.no_grad():
                for param, grad, velocity in zip(params, grads, velocities, strict=True):
                    velocity.mul_(settings.momentum).add_(grad).add_(param, alpha=settings.weight_decay)
                    param.sub_(velocity, alpha=settings.lr)
        steps = [settings.lr * velocity for velocity in velocities[:LAYERS]]  # the last ones
        ratios = [(step.norm() / (param + step).norm()).item() for param, step in zip(params, steps, strict=False)]
        log.append(looked_at(params, train, val) | {"ratios": ratios})
    return log


def line_of(epoch, entry):
    """A line of the log.

    Gradients are means of absolute values, over the whole training set; a step is the update ratio of the epoch's last
    step; saturated is the share of a layer's activations beyond 0.99 or -0.99, in per cent.
    """
    first, _, third, _, fifth = (f"{each:.0e}" for each in entry["gradients"])
    ratios = [f"{entry['ratios'][layer]:.0e}" for layer in (0, -1)] if epoch else ["", ""]
    saturated = [f"{100 * each:.0f}" for each in entry["saturated"]]
    losses = [f"{entry[name]:.3f}" if entry[name] < 1000 else f"{entry[name]:.0e}" for name in ("train", "val")]
    return LINE.format(epoch, *losses, f"{entry['right']:.1%}", first, third, fifth, *ratios, *saturated)


def main():
    torch.set_num_threads(1)
    settings = asked_for(sys.argv[1:])
    log = run(settings)
    RUNS.parent.mkdir(exist_ok=True)
    with RUNS.open("a", encoding="utf-8") as file:
        losses = {name: [entry[name] for entry in log] for name in ("train", "val")}
        file.write(json.dumps(asdict(settings) | losses) + "\n")
    print(textwrap.fill(" ".join(f"{name}={value}" for name, value in asdict(settings).items()), 79))
    print(HEAD)
    for epoch, entry in enumerate(log):
        print(line_of(epoch, entry))
    print(f"Run {len(RUNS.read_text(encoding='utf-8').splitlines())} of {RUNS}.")


if __name__ == "__main__":
    main()
