"""Functions for submissions to call that count their calls, and what the counts say."""

import torch

# ------------------------------------------------------------------------------------- gradients of a batch


class MeanGradient:
    """`grad_fn(x, y)`: the gradient of a mean loss over at most `most` samples; `log` has what it was given."""

    def __init__(self, most, scale):
        self.most, self.scale, self.log = most, scale, []
        self.__doc__ = (
            f"(x, y) -> the mean over the samples of tanh({scale:g} * x[i].sum() - y[i].sum()) * x[i]"
            f"   (no more than {most} at a time)"
        )

    def __call__(self, x, y):
        if len(x) != len(y):
            raise ValueError(f"x has {len(x)} samples and y has {len(y)}")
        if len(x) == 0:
            raise ValueError("grad_fn was given no sample at all")
        if len(x) > self.most:
            raise MemoryError(f"{len(x)} samples at once do not fit, {self.most} do")
        self.log.append((x.tolist(), y.tolist()))
        residual = torch.tanh(self.scale * x.reshape(len(x), -1).sum(1) - y.reshape(len(y), -1).sum(1))
        return torch.einsum("n,n...->...", residual, x) / len(x)


def wrongly_cut(log, x, y, size):
    """What is wrong with the micro-batches that `log` has; None where nothing is, in whatever order they come."""
    right = [(a.tolist(), b.tolist()) for a, b in zip(x.split(size), y.split(size), strict=True)]
    if sorted(log) == sorted(right):
        return None
    samples = sorted(
        zip((row for each, _ in log for row in each), (row for _, each in log for row in each), strict=True)
    )
    if samples != sorted(zip(x.tolist(), y.tolist(), strict=True)):
        return "samples_not_once"
    sizes = [len(each) for each, _ in log]
    if all(each == 1 for each in sizes):
        return "one_sample_at_a_time"
    return "samples_not_consecutive" if sorted(sizes) == sorted(len(each) for each, _ in right) else "cut_otherwise"


# ------------------------------------------------------------------------------------------- layers in a row

# A layer by its formula: forward(x), and backward(grad, x).
FORMULAS = {
    "sin(x)": (torch.sin, lambda g, x: g * torch.cos(x)),
    "x ** 2 / 2": (lambda x: x**2 / 2, lambda g, x: g * x),
    "x.cumsum(-1)": (lambda x: x.cumsum(-1), lambda g, x: g.flip(-1).cumsum(-1).flip(-1)),
    "3 * x + 1": (lambda x: 3 * x + 1, lambda g, x: 3 * g),
    "log(1 + x ** 2)": (lambda x: torch.log1p(x**2), lambda g, x: 2 * g * x / (1 + x**2)),
    "x[..., :-1] * x[..., 1:]": (
        lambda x: x[..., :-1] * x[..., 1:],
        lambda g, x: torch.nn.functional.pad(g * x[..., 1:], (0, 1)) + torch.nn.functional.pad(g * x[..., :-1], (1, 0)),
    ),
}


class Calls(list):
    """The calls of a network's functions: ("forward", 0), ... `outputs`: what each layer gave, run by run; `received`:
    what each layer was given on the way back. While it `marks`, a layer that is run again gives other numbers."""

    def __init__(self):
        self.begin()
        self.marks = False

    def begin(self):
        self.clear()
        self.outputs, self.received = {}, {}


def network(formulas, x, grad_out, every):
    """The inputs of one case; each of its functions has the calls of all in its `log`."""
    log = Calls()
    ways = {f"{way}s": [_layer(way, *each, log) for each in enumerate(formulas)] for way in ("forward", "backward")}
    return {**ways, "x": x, "grad_out": grad_out, "every": every}


def _layer(way, number, formula, log):
    compute = FORMULAS[formula][way == "backward"]

    def function(*args):
        again = (way, number) in log
        log.append((way, number))
        value = compute(*args)
        if way == "backward":
            log.received[number] = args[1]
            return value
        value = 1.5 * value + 0.25 if again and log.marks else value
        log.outputs.setdefault(number, []).append(value)
        return value

    function.log = log
    function.__doc__ = f"x -> {formula}" if way == "forward" else f"(grad_out, x) -> the gradient of {formula}"
    return function


def wrongly_run(log, layers, every):
    """What is wrong with the calls in `log` of a network of so many layers; None where nothing is."""
    runs = [log.count(("forward", layer)) for layer in range(layers)]
    if max(runs) > 2:
        return "run_more_than_twice"
    if any(log.count(("backward", layer)) > 1 for layer in range(layers)):
        return "gone_back_twice"
    last_segment = (layers - 1) // every * every
    again = [layer for layer in range(last_segment) if (layer + 1) % every]  # their outputs were not kept
    if again and all(runs[layer] < 2 for layer in again):
        return "nothing_run_again"
    if any(runs[layer] < 2 for layer in again):
        return "other_inputs_kept"
    for layer in again:
        second = [place for place, each in enumerate(log) if each == ("forward", layer)][1]
        if second < log.index(("backward", (layer // every + 1) * every)):
            return "recomputed_all_at_once"
        if not torch.equal(log.received[layer + 1], log.outputs[layer][1]):
            return "recomputed_for_show"
    return None
