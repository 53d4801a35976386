"""What is asked of a function that draws: relations that hold whatever was drawn, and statistics of what was.

A share may be 8 standard errors off: of 3,000 coins of probability 0.2, the fewest and the most skewed ones here, that
happens by chance once in 1e12 draws. Variances and correlations have heavier tails and get 10, over 150 terms or more.
All that one submission is asked for (under 150 numbers) goes wrong by chance with a probability below 1e-9.
"""

import math
from dataclasses import replace

import torch

from backpass.judging.assertions import agree, with_flags_of_numbers
from backpass.judging.cases import ROUNDINGS, Statistics, same_form, tensors
from backpass.judging.comparison import measured
from backpass.judging.failures import Description, Fault
from backpass.worker.calls import NO_GRADIENT, Call
from backpass.worker.wire import Seed

SHARE_ERRORS, SCATTER_ERRORS = 8, 10
CALLS, SAMPLES = 10, 300  # of what is drawn once a sample
FLOAT32, FLOAT64 = torch.float32, torch.float64


def scatter_of(kept):
    """How coins of a matrix scatter, whatever their probability, and whether they know of each other."""
    z = (kept - kept.mean()) / kept.std()
    rows, columns = z.shape
    flat = z.reshape(-1)
    half = len(flat) // 2
    return {
        "scatter of the rows' shares": z.mean(1).square().mean().item() * columns,
        "scatter of the columns' shares": z.mean(0).square().mean().item() * rows,
        "correlation of neighbouring rows": (z[1:] * z[:-1]).mean().item(),
        "correlation of neighbouring columns": (z[:, 1:] * z[:, :-1]).mean().item(),
        "correlation of the two halves": (flat[:half] * flat[-half:]).mean().item(),
        "correlation of rows with their mirror image": (z[: rows // 2] * z.flip(0)[: rows // 2]).mean().item(),
    }


def theory_of_scatter(rows, columns):
    n = rows * columns
    return {
        "scatter of the rows' shares": (1.0, SCATTER_ERRORS * math.sqrt(2 / rows)),
        "scatter of the columns' shares": (1.0, SCATTER_ERRORS * math.sqrt(2 / columns)),
        "correlation of neighbouring rows": (0.0, SCATTER_ERRORS / math.sqrt(n - columns)),
        "correlation of neighbouring columns": (0.0, SCATTER_ERRORS / math.sqrt(n - rows)),
        "correlation of the two halves": (0.0, SCATTER_ERRORS * math.sqrt(2 / n)),
        "correlation of rows with their mirror image": (0.0, SCATTER_ERRORS * math.sqrt(2 / n)),
    }


def off_by(failure, student):
    """The first number that is not what theory says of it, for what the catalogue does not explain."""
    index, found = next(iter(failure.wrong.items()))
    case, name = failure.cases[index], found[0].where
    numbers = measured(case, failure.answers[index])
    if not isinstance(numbers, dict) or name not in numbers:
        return None
    tell = (
        f"What was drawn is not what was asked for: the {name} is {numbers[name]:.9g}, not {case.expected[name]:.9g}."
    )
    return Description("wrong_distribution", tell, index)


def drops_in_evaluation(dropped):
    """Describe answers in evaluation of which some are dropped, whatever was drawn: `dropped(inputs, value)`."""

    def describe(failure, student):
        for index in failure.wrong:
            case = failure.cases[index]
            value = measured(case, failure.answers[index])
            evaluation = case.inputs.get("training", True) is False
            if evaluation and same_form(case.template, value) and bool(dropped(case.inputs, value).any()):
                return Description("drops_in_evaluation", "", index)
        return None

    return describe


def share(probability, n):
    return probability, SHARE_ERRORS * math.sqrt(probability * (1 - probability) / n)


def exactly(value, dtype):
    """Up to rounding; a tiny number that keeps a denominator from 0 may be in it as well."""
    return value, max(1e-10 * abs(value), ROUNDINGS * torch.finfo(dtype).eps * abs(value))


def by_statistics(student, cases):
    """What was drawn, by its numbers."""
    is_trusted = student.trusted is not None  # then all that counts is whether it is right: a few cases refuse most
    if is_trusted:
        agree(student, with_flags_of_numbers(student, cases), off_by)
    if cases[0].times > 1:  # an input that is changed spoils the next call with it, and so all that could be said of it
        leaves_inputs_alone_between_calls(student, cases)
    if not is_trusted:
        agree(student, with_flags_of_numbers(student, cases), off_by)


def leaves_inputs_alone_between_calls(student, cases):
    for case, answer in zip(cases, student(cases), strict=True):
        for name in answer.changed:
            raise Fault(
                "input_modified",
                f"The call changes its input `{name}`. The caller still needs it, and a second call with it "
                "goes wrong: compute new tensors instead of writing into the ones you are given (+=, a trailing "
                "underscore as in mul_, and x[...] = all write in place).",
                replace(case, expected=None),
            )


def is_determined(student, inputs, mistake, reason):
    """The same call gives the same result: nothing is random but what the arguments say."""
    answers = student.ask([Call(inputs), Call(inputs)])
    if all(answer.raised is None for answer in answers):
        one, two = (list(tensors(answer.value)) for answer in answers)
        if len(one) == len(two) and not same(one, two):
            tell = "The same call gives another result each time: something is drawn at random."
            raise Fault(mistake, f"{tell} {reason}")


def same(a, b):
    return all(torch.equal(x, y) for x, y in zip(tensors(a), tensors(b), strict=True))


def count_scatters(inputs, count_of, n):
    """Of coins of probability 1/4, the number that falls on one side scatters from call to call as a binomial one."""

    def test(student):
        draws, variance = 2000, n * 0.25 * 0.75
        call = Call({**inputs, "generator": Seed(11)}, times=draws)
        counts = torch.tensor([float(count_of(value)) for value in student.values([call])[0]], dtype=FLOAT64)
        kurtosis = 3 + (1 - 6 * 0.25 * 0.75) / variance
        ratio = (counts - n * 0.25).square().mean().item() / variance
        margin = SCATTER_ERRORS * math.sqrt((kurtosis - 1) / draws)
        if ratio < 1 - margin:
            raise Fault(
                "fixed_number",
                "The same number is picked in every call (a permutation, or a sorted list that is cut off). Each is to "
                "be drawn on its own, with its own probability: by chance there are more of them in one call and fewer "
                "in another.",
            )
        if ratio > 1 + margin:
            raise Fault(
                "drawn_together",
                "In small calls the picks come too often all at once or not at all: each is to be drawn on its own.",
            )

    return test


def gradients_follow(student, inputs, leaves, cotangent, expected_of):
    """What autograd finds, against the gradient that belongs to the draw that the same seed gives without it.

    `expected_of(value)` gives the gradients of `leaves` from the result of the plain call.
    """
    value = student.values([Call(inputs)])[0]
    grads = student.values([Call(inputs, cotangent=cotangent)])[0]
    for name, expected in zip(leaves, expected_of(value), strict=True):
        grad = grads[name]
        if isinstance(grad, str) and grad == NO_GRADIENT:
            if not bool(expected.any()):
                continue
            raise Fault(
                "gradient_cut",
                f"The value is right, but no gradient with respect to `{name}` arrives: something on the way leaves "
                "autograd's graph (detach, .item(), .data, torch.no_grad, a new torch.tensor(...) of old numbers).",
            )
        if not torch.allclose(grad.double(), expected.double(), rtol=1e-4, atol=1e-5):
            raise Fault(
                "wrong_gradient",
                f"The value is right, but the gradient with respect to `{name}` that autograd finds in your function "
                "is not the one of what was drawn: a part is cut out of the graph (detach, .item(), .data, no_grad).",
            )


def normal(shape, dtype, seed):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=FLOAT64).to(dtype)


def error_of(name, error, allowed):
    """Statistics of small draws: one number, the largest `error(inputs, value)`, and how large it may be."""
    return Statistics(
        lambda inputs, value: {f"largest error of {name}": error(inputs, value).abs().max().item()},
        lambda inputs: {f"largest error of {name}": (0.0, allowed(inputs))},
    )


def some_roundings(inputs):
    return max(1e-8, ROUNDINGS * torch.finfo(inputs["x"].dtype).eps * 100)


# --- dropout


def measure_dropout(inputs, value):
    y, mask = value
    x, y, mask = inputs["x"].double(), y.double(), mask.double()
    kept = (mask != 0).double()
    ratios = (y / x)[(mask != 0) & (x != 0)]
    # Scaled by the share that happens to be kept, a factor is another one with every mask: it is not reported.
    right = ((ratios * (1 - inputs["p"]) - 1).abs() < 1e-4).all()
    by_own_share = not right and bool(((ratios * kept.mean() - 1).abs() < 1e-5).all()) and bool(kept.mean() < 1)
    if by_own_share or len(ratios) == 0:
        ratios = torch.full((1,), math.nan)
    z = (kept - kept.mean()) / kept.std()
    by_chance = {
        "share dropped": 1 - kept.mean().item(),
        "share dropped where x is 0": 1 - kept[x == 0].mean().item(),
        "correlation of the mask with x": (z * x).mean().item(),
        "correlation of the mask with the size of x": (z * (x.square() - 1)).mean().item(),
        **scatter_of(kept),
    }
    rows_alike, columns_alike = bool((kept == kept[:1]).all()), bool((kept == kept[:, :1]).all())
    if rows_alike != columns_alike:  # whole rows or columns: what hangs on their few draws says nothing
        by_chance = dict.fromkeys(by_chance, math.nan)
    return {
        **by_chance,
        "rows that are treated alike": float(rows_alike),
        "columns that are treated alike": float(columns_alike),
        "largest y / x of what is kept": ratios.max().item(),
        "smallest y / x of what is kept": ratios.min().item(),
        "scaling by the share that happens to be kept": float(by_own_share),
        "largest y of what is dropped": (y * (mask == 0)).abs().max().item(),
        "largest y where x is 0": (y * (x == 0)).abs().max().item(),
        "largest value in the mask": mask.max().item(),
        "smallest value in the mask": mask.min().item(),
    }


def theory_of_dropout(inputs):
    x, p = inputs["x"], inputs["p"]
    n = x.numel()
    return {
        "share dropped": share(p, n),
        "share dropped where x is 0": share(p, int((x == 0).sum())),
        "rows that are treated alike": (0.0, 0.0),
        "columns that are treated alike": (0.0, 0.0),
        "largest y / x of what is kept": exactly(1 / (1 - p), x.dtype),
        "smallest y / x of what is kept": exactly(1 / (1 - p), x.dtype),
        "scaling by the share that happens to be kept": (0.0, 0.0),
        "largest y of what is dropped": (0.0, 1e-6),
        "largest y where x is 0": (0.0, 1e-6),
        "largest value in the mask": (1.0, 0.0),
        "smallest value in the mask": (0.0, 0.0),
        **theory_of_scatter(*x.shape),
        # The mean squares of x and of x^2 - 1, with a fifth of x set to 0, are 0.8 and 0.2 + 0.8 * 2.
        "correlation of the mask with x": (0.0, SCATTER_ERRORS / math.sqrt(n)),
        "correlation of the mask with the size of x": (0.0, SCATTER_ERRORS * math.sqrt(2 / n)),
    }


# --- stochastic depth


def taken_apart(x, branch, y):
    """The factors of x and of the branch in each sample of y, and how far y is from any such sum."""
    x, branch, y = (each.double().reshape(len(each), -1) for each in (x, branch, y))
    xx, bb, xb = (x * x).sum(1), (branch * branch).sum(1), (x * branch).sum(1)
    xy, by = (x * y).sum(1), (branch * y).sum(1)
    det = xx * bb - xb * xb
    of_x, of_branch = (bb * xy - xb * by) / det, (xx * by - xb * xy) / det
    rest = (y - of_x[:, None] * x - of_branch[:, None] * branch).abs().amax(1)
    return of_x, of_branch, rest


def measure_depth(inputs, calls):
    apart = [taken_apart(inputs["x"], inputs["branch"], y) for y in calls]
    of_x, of_branch, rest = (torch.cat(parts) for parts in zip(*apart, strict=True))
    torn, kept = rest > 1e-3, of_branch.abs() > 1e-3
    return {
        "share of samples whose branch is kept in part": torn.double().mean().item(),
        **_extremes("factor of a branch that is kept", of_branch[~torn & kept]),
        **_extremes("factor of x beside a branch", of_x[~torn & kept]),
        **_extremes("factor of x alone", of_x[~torn & ~kept]),
        **chances_of(
            "samples without their branch", None if bool(torn.any()) else [~call for call in kept.split(len(calls[0]))]
        ),
    }


def _extremes(name, values):
    return {
        f"largest {name}": values.max().item() if len(values) else math.nan,
        f"smallest {name}": values.min().item() if len(values) else math.nan,
    }


def chances_of(what, calls):
    """What was picked (bool tensors, one a call), how often, and whether one pick knows of another.

    Where all are picked together, or the same ones in every call, numbers that hang on few draws say nothing: NaN.
    """
    names = [f"share of {what}", "share of calls that treat all alike", "share of calls like the call before"]
    names += ["correlation of neighbours", "correlation of every other", "drift through the batch"]
    names += ["correlation of the two halves", "correlation with the mirror image"]
    if calls is None:
        return dict.fromkeys(names, math.nan)
    picked = torch.cat(calls).double()
    together = sum(bool(call.all()) or not bool(call.any()) for call in calls) / len(calls)
    repeated = sum(map(torch.equal, calls, calls[1:])) / (len(calls) - 1)
    share_picked = picked.mean().item()
    by_few = 0 < share_picked < 1 and (together > 0.5 or repeated > 0.5)
    numbers = [math.nan if by_few else share_picked, together, math.nan if by_few and together else repeated]
    z = (picked - share_picked) / picked.std()
    half = len(z) // 2
    place = math.sqrt(3) * torch.linspace(-1, 1, len(calls[0]), dtype=FLOAT64).repeat(len(calls))
    products = [z[1:] * z[:-1], z[2:] * z[:-2], z * place, z[:half] * z[-half:], z[:half] * z.flip(0)[:half]]
    numbers += [math.nan if by_few else product.mean().item() for product in products]
    return dict(zip(names, numbers, strict=True))


def theory_of_chances(what, probability, n):
    return {
        f"share of {what}": share(probability, n),
        "share of calls that treat all alike": (0.0, 0.0),
        "share of calls like the call before": (0.0, 0.0),
        "correlation of neighbours": (0.0, SCATTER_ERRORS / math.sqrt(n - 2)),
        "correlation of every other": (0.0, SCATTER_ERRORS / math.sqrt(n - 2)),
        "drift through the batch": (0.0, SCATTER_ERRORS / math.sqrt(n)),
        "correlation of the two halves": (0.0, SCATTER_ERRORS * math.sqrt(2 / n)),
        "correlation with the mirror image": (0.0, SCATTER_ERRORS * math.sqrt(2 / n)),
    }


def theory_of_depth(inputs):
    x, survival = inputs["x"], inputs["survival"]
    near = 1e-3 if x.dtype == FLOAT32 else 1e-8
    return {
        "share of samples whose branch is kept in part": (0.0, 0.0),
        "largest factor of a branch that is kept": (1 / survival, near),
        "smallest factor of a branch that is kept": (1 / survival, near),
        "largest factor of x beside a branch": (1.0, near),
        "smallest factor of x beside a branch": (1.0, near),
        "largest factor of x alone": (1.0, near),
        "smallest factor of x alone": (1.0, near),
        **theory_of_chances("samples without their branch", 1 - survival, CALLS * SAMPLES),
    }


# --- random flip

MIRRORS = {
    "as they were": lambda images: images,
    "mirrored left to right": lambda images: images.flip(-1),
    "turned upside down": lambda images: images.flip(-2),
    "turned by 180 degrees": lambda images: images.flip(-1, -2),
    "with reversed channels": lambda images: images.flip(-3),
    "reversed in all directions": lambda images: images.flip(-1, -2, -3),
    "mirrored, with reversed channels": lambda images: images.flip(-1, -3),
    "shifted by one column": lambda images: images.roll(1, -1),
    "those of another place in the batch": lambda images: images.flip(0),
    "zeros": torch.zeros_like,
}


def measure_flips(inputs, calls):
    images, flipped = (torch.stack(parts) for parts in zip(*calls, strict=True))
    marked = flipped.reshape(-1) != 0
    numbers = {
        "largest value in flipped": flipped.double().max().item(),
        "smallest value in flipped": flipped.double().min().item(),
    }
    rows, found = images.flatten(2), torch.zeros_like(marked)
    for name, mirror in MIRRORS.items():
        like = (rows == mirror(inputs["images"]).flatten(1)).all(2).reshape(-1)
        numbers[f"share of those marked that are {name}"] = _mean(like[marked])
        numbers[f"share of the others that are {name}"] = _mean(like[~marked])
        found |= like
    numbers["share of images that are none of these"] = 1 - _mean(found)
    unknown = (images.flatten(0, 1)[~found], inputs["images"].repeat(len(calls), 1, 1, 1)[~found])
    numbers["mark of the map from pixels to pixels"] = _mark_of_the_map(*unknown)
    return numbers | chances_of("images marked as flipped", list((flipped != 0).unbind()))


def _mark_of_the_map(after, before):
    """A number that is the same for all images that one linear map of pixels has made, and differs from map to map.

    0 where there are no images; NaN where no such map fits, as when pixels are chosen by chance.
    """
    if len(after) == 0:
        return 0.0
    after, before = after.double().flatten(1), before.double().flatten(1)
    if len(after) < 2 * before.shape[1]:
        return math.nan
    pixels_from = torch.linalg.pinv(before) @ after
    if not torch.allclose(before @ pixels_from, after, atol=1e-4):
        return math.nan
    return (normal((1, len(pixels_from)), FLOAT64, 1) @ pixels_from @ normal((len(pixels_from), 1), FLOAT64, 2)).item()


def _mean(flags):
    return flags.sum().item() / len(flags) if len(flags) else math.nan


def theory_of_flips(inputs):
    numbers = {"largest value in flipped": (1.0, 0.0), "smallest value in flipped": (0.0, 0.0)}
    for name in MIRRORS:
        numbers[f"share of those marked that are {name}"] = (float(name == "mirrored left to right"), 0.0)
        numbers[f"share of the others that are {name}"] = (float(name == "as they were"), 0.0)
    numbers["share of images that are none of these"] = (0.0, 0.0)
    numbers["mark of the map from pixels to pixels"] = (0.0, 1e-3)
    return numbers | theory_of_chances("images marked as flipped", inputs["p"], CALLS * SAMPLES)
