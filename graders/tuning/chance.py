"""What is expected of random answers of the unit, and which mistake it is where they are otherwise.

A statistic may be 7 standard errors off, which chance alone brings once in 4e11 draws.
"""

import math
from itertools import pairwise

import torch

from backpass.course.language import later
from backpass.judging.assertions import agree
from backpass.judging.cases import Statistics
from backpass.judging.failures import Fault
from backpass.worker.calls import Call
from backpass.worker.wire import Seed

STANDARD_ERRORS = 7


# -------------------------------------------------------------------------------------------- log_uniform


def measure_logarithms(inputs, values):
    """Of the logarithms, from 0 at `low` to 1 at `high`."""
    low, high = math.log(inputs["low"]), math.log(inputs["high"])
    u = (values.double().log() - low) / (high - low)
    centred = (u - 0.5) * math.sqrt(12)
    half = len(u) // 2
    return {
        later("mean of the logarithms, from 0 at low to 1 at high"): u.mean().item(),
        later("standard deviation of the logarithms"): u.std().item(),
        later("share in the lowest tenth of the logarithms"): (u < 0.1).double().mean().item(),
        later("share in the highest tenth of the logarithms"): (u > 0.9).double().mean().item(),
        later("share between the ends"): ((u > -1e-9) & (u < 1 + 1e-9)).double().mean().item(),
        later("correlation of neighbours"): (centred[1:] * centred[:-1]).mean().item(),
        later("correlation of the two halves"): (centred[:half] * centred[half : 2 * half]).mean().item(),
        later("share of values drawn before"): 1 - len(u.unique()) / len(u),
        later("step between neighbouring sizes, in mean steps"): (
            u.sort().values.diff().pow(2).mean() * len(u) ** 2
        ).item(),
    }


def theory_of_logarithms(inputs):
    n = inputs["num"]
    expected = {
        "mean of the logarithms, from 0 at low to 1 at high": (0.5, math.sqrt(1 / (12 * n))),
        "standard deviation of the logarithms": (math.sqrt(1 / 12), math.sqrt(1 / (60 * n))),
        "share in the lowest tenth of the logarithms": (0.1, math.sqrt(0.09 / n)),
        "share in the highest tenth of the logarithms": (0.1, math.sqrt(0.09 / n)),
        "share between the ends": (1.0, 0.0),
        "correlation of neighbours": (0.0, 1 / math.sqrt(n)),
        "correlation of the two halves": (0.0, math.sqrt(2 / n)),
        "share of values drawn before": (0.0, 0.01 / STANDARD_ERRORS),  # two of float32 may be equal: told elsewhere
        # Gaps between n uniform numbers are exponential: the mean square is twice the square of the mean.
        "step between neighbouring sizes, in mean steps": (2.0, 5 / STANDARD_ERRORS * math.sqrt(20 / n)),
    }
    return {name: (value, STANDARD_ERRORS * error) for name, (value, error) in expected.items()}


LOGARITHMS = Statistics(measure_logarithms, theory_of_logarithms)


def are_log_uniform(student, cases):
    """Of the right form and distribution; a wrong form is known by its name."""
    values = [answer.value for answer in student(cases)]
    if all(isinstance(value, list) for value in values):
        raise Fault("a_list", case=cases[0])
    if all(isinstance(value, torch.Tensor) and value.dtype == torch.float32 for value in values):
        raise Fault("float32_returned", case=cases[0])
    agree(student, cases)


def in_double_precision(student, cases):
    """Neither the values nor the uniform numbers behind them are those of float32."""
    agree(student, cases)
    for case, answer in zip(cases, student(cases), strict=True):
        values = answer.value
        low, high = math.log(case.inputs["low"]), math.log(case.inputs["high"])
        steps = (values.log() - low) / (high - low) * 2**24
        # Numbers of float64 are anywhere between those of torch.rand in float32, 2 ** -24 apart.
        if torch.equal(values, values.float().double()) or bool(((steps - steps.round()).abs() < 1e-3).all()):
            raise Fault("drawn_in_float32", case=case)


# ------------------------------------------------------------------------------------------------- k_fold


def are_folds(student, cases):
    """Pairs of the right form, in which each sample validates once; what is wrong is known by its name."""
    answers = student(cases)
    for case, answer in zip(cases, answers, strict=True):
        mistake = _wrong_form(answer.value, case.inputs["k"])
        if mistake is None and not _in_form(answer.value):
            agree(student, cases)
        samples = set(range(case.inputs["num_samples"]))
        mistake = mistake or _wrongly_dealt([_sets(pair) for pair in answer.value], answer.value, samples)
        if mistake is not None:
            raise Fault(mistake, _sizes(answer.value) if _in_form(answer.value) else "", case)


def _sizes(pairs):
    train, validation = (", ".join(str(len(pair[side])) for pair in pairs) for side in (0, 1))
    return f"(Your training parts here have {train} samples, your validation parts {validation}.)"


def _sets(pair):
    return tuple(set(each.tolist()) for each in pair)


def _in_form(pairs):
    return isinstance(pairs, list | tuple) and all(
        isinstance(pair, list | tuple)
        and len(pair) == 2
        and all(isinstance(each, torch.Tensor) and each.dim() == 1 and each.dtype == torch.int64 for each in pair)
        for pair in pairs
    )


def _wrong_form(pairs, k):
    if not isinstance(pairs, list | tuple) or not pairs:
        return None
    if all(isinstance(each, torch.Tensor) for each in pairs):
        return "validation_parts_only"
    parts = [each for pair in pairs if isinstance(pair, list | tuple) for each in pair]
    if parts and all(isinstance(each, list) for each in parts):
        return "lists_of_numbers"
    if any(isinstance(each, torch.Tensor) and each.dtype != torch.int64 for each in parts):
        return "indices_of_another_dtype"
    if _in_form(pairs) and len(pairs) != k:
        return "wrong_number_of_pairs"
    return None


def _wrongly_dealt(pairs, tensors, samples):
    counts = [tuple(len(each) for each in pair) for pair in tensors]
    if any(
        len(part) != count
        for pair, sizes in zip(pairs, counts, strict=True)
        for part, count in zip(pair, sizes, strict=True)
    ):
        return "a_sample_twice"
    if any(part - samples for pair in pairs for part in pair):
        return (
            "counted_from_one" if min(min(part) for pair in pairs for part in pair if part) == 1 else "no_such_sample"
        )
    validated = [index for _, validation in pairs for index in validation]
    if sorted(index for train, _ in pairs for index in train) == sorted(samples) and len(pairs) > 2:
        return "train_and_validation_exchanged"
    if any(train & validation for train, validation in pairs):
        return "trained_on_what_validates"
    if len(validated) > len(set(validated)):
        return "each_fold_drawn_anew"
    if set(validated) != samples:
        return "some_never_validate"
    if any(train | validation != samples for train, validation in pairs):
        return "some_do_not_train"
    sizes = [len(validation) for _, validation in pairs]
    return "uneven_folds" if max(sizes) - min(sizes) > 1 else None


def folds_are_shuffled(student):
    """Every way to deal the samples out is equally likely."""
    large = {"num_samples": 1000, "k": 5}
    asked = [Call({**large, "generator": Seed(seed)}, times=times) for seed, times in ((5, 1), (5, 1), (6, 1), (7, 2))]
    first, again, other, (one, two) = student.values(asked)
    fold_of = {index: number for number, (_, part) in enumerate(first) for index in part.tolist()}
    together = sum(fold_of[a] == fold_of[b] for a, b in pairwise(range(1000)))
    # Neighbours share a fold in 199 of 999 pairs on average, with a standard deviation below 13.
    if abs(together - 199) > STANDARD_ERRORS * 13:
        raise Fault("not_shuffled", about="the order")
    if _validations(first) != _validations(again):
        raise Fault("generator_ignored")
    if _validations(first) == _validations(other):
        raise Fault("always_the_same_folds")
    if _validations(one) == _validations(two):
        raise Fault("generator_not_advanced")
    counts = [0] * 4
    # 1,200 deals of 4 samples in 2: who is with sample 0, and whether it is in the first fold.
    for deal in student.values([Call({"num_samples": 4, "k": 2, "generator": Seed(8)}, times=1200)])[0]:
        with_it = next(part for _, part in deal if 0 in part.tolist())
        counts[sum(with_it.tolist())] += 1
    # Three thirds: chi-squared with 2 degrees of freedom is above 50 by chance once in 7e10 times.
    if sum((count - 400) ** 2 / 400 for count in counts[1:]) > 50:
        raise Fault("some_folds_more_likely")


def _validations(folds):
    return [sorted(part.tolist()) for _, part in folds]


# ------------------------------------------------------------------------------------- best_of_seeds_bias


def _of_the_largest(inputs):
    """Mean and variance of the largest of `num` draws with replacement."""
    values, num = sorted(inputs["accuracies"]), inputs["num"]
    n = len(values)
    shares = [((i + 1) / n) ** num - (i / n) ** num for i in range(n)]
    mean = sum(share * value for share, value in zip(shares, values, strict=True))
    return mean, sum(share * (value - mean) ** 2 for share, value in zip(shares, values, strict=True))


def theory_of_the_bias(inputs):
    mean, variance = _of_the_largest(inputs)
    accuracies = inputs["accuracies"]
    error = math.sqrt(variance / inputs.get("draws", 10_000))
    size = max(map(abs, accuracies))
    return {"bias": (mean - sum(accuracies) / len(accuracies), STANDARD_ERRORS * error + 1e-5 * size)}


BIAS = Statistics(lambda inputs, value: {later("bias"): value}, theory_of_the_bias)


def draws_so_many(student):
    """The mean is one over exactly `draws` samples, and each is drawn by itself."""
    # Of one sample the largest is one of the accuracies; of three, the sum tells how often each was the largest.
    accuracies = [0.0, 1.0, 16.0]
    mean = sum(accuracies) / 3
    for draws in (1, 3):
        call = Call({"accuracies": accuracies, "num": 2, "generator": Seed(3)}, {"draws": draws}, times=60)
        sums = [(value + mean) * draws for value in student.values([call])[0]]
        possible = {a + 16 * b for a in range(draws + 1) for b in range(draws + 1 - a)}
        if any(
            not math.isfinite(each) or abs(each - round(each)) > 1e-3 or round(each) not in possible for each in sums
        ):
            raise Fault("not_as_many_samples_as_draws")
    # Over many calls the estimate scatters as the mean of `draws` independent samples does.
    inputs = {"accuracies": [0.1, 0.4, 0.5, 0.9], "num": 3}
    calls = 400
    values = student.values([Call({**inputs, "generator": Seed(4)}, {"draws": 25}, times=calls)])[0]
    variance = torch.tensor(values, dtype=torch.float64).var().item() / (_of_the_largest(inputs)[1] / 25)
    if abs(variance - 1) > STANDARD_ERRORS * math.sqrt(2.5 / calls):
        raise Fault("not_as_many_samples_as_draws")
