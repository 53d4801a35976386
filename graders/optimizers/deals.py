"""What is wrong with the batches of an epoch: their form, how they are cut, which samples they hold, in which order."""

import itertools
import math
from itertools import pairwise

import torch

from backpass.judging.assertions import agree
from backpass.judging.failures import Fault
from backpass.worker.calls import Call
from backpass.worker.wire import Seed


def _listed(numbers):
    *shown, _ = [*map(str, itertools.islice(numbers, 16)), ""]
    return ", ".join([*shown[:15], "..."] if len(shown) > 15 else shown)


def right_sizes(samples, size):
    return [min(size, samples - first) for first in range(0, samples, size)]


# Ways of cutting that give wrong sizes, or leave samples out: the sizes that they come to.
CUTS = {
    "not_cut_into_batches": lambda samples, size: [samples],
    "first_batch_only": lambda samples, size: right_sizes(samples, size)[:1],
    "first_batch_left_out": lambda samples, size: right_sizes(samples, size)[1:],
    "last_batch_left_out": lambda samples, size: right_sizes(samples, size)[:-1],
    "one_left_over_dropped": lambda samples, size: [
        each for number, each in enumerate(right_sizes(samples, size)) if number * size < samples - 1
    ],
    "short_batch_dropped": lambda samples, size: [each for each in right_sizes(samples, size) if each == size],
    "short_batch_filled_up": lambda samples, size: [size for _ in right_sizes(samples, size)],
    "short_batch_first": lambda samples, size: right_sizes(samples, size)[::-1],
    "rest_added_to_the_last_batch": lambda samples, size: (
        [size] * (samples // size - 1) + [size + samples % size] if samples > size else [samples]
    ),
    "empty_batch_at_the_end": lambda samples, size: [size] * (samples // size) + [samples % size],
    "one_sample_a_batch": lambda samples, size: [1] * samples,
    "batches_overlap": lambda samples, size: [min(size, samples - first) for first in range(samples)],
    "batches_one_too_long": lambda samples, size: [min(size + 1, samples - first) for first in range(0, samples, size)],
    "batches_one_too_short": lambda samples, size: [
        min(size - 1, samples - first) for first in range(0, samples, size)
    ],
    "strided_batches": lambda samples, size: _shared_out(samples, math.ceil(samples / size)),
    "evenly_cut": lambda samples, size: _shared_out(samples, max(samples // size, 1)),
    "cut_by_chunk": lambda samples, size: right_sizes(samples, math.ceil(samples / max(samples // size, 1))),
    "batch_size_taken_for_the_number_of_batches": lambda samples, size: right_sizes(samples, math.ceil(samples / size)),
}


def _shared_out(samples, count):
    return [len(range(first, samples, count)) for first in range(count)]


def are_right(student, cases):
    """Each sample once, in batches of the right form and size; what is wrong is known by its name."""
    answers = student(cases)
    for case, answer in zip(cases, answers, strict=True):
        mistake = _wrong_form(answer.value)
        if mistake is not None:
            raise Fault(mistake, case=case)
        if not _in_form(answer.value):
            agree(student, cases)
    deals = [
        (case.inputs["num_samples"], case.inputs["batch_size"], [batch.tolist() for batch in answer.value])
        for case, answer in zip(cases, answers, strict=True)
    ]
    mistake = _wrongly_cut(deals)
    if mistake is not None:
        wrong = next(at for at, deal in enumerate(deals) if [*map(len, deal[2])] != right_sizes(*deal[:2]))
        raise Fault(mistake, f"(Your batches here have {_listed(map(len, deals[wrong][2]))} samples.)", cases[wrong])
    found = [_wrongly_dealt(samples, batches) for samples, _, batches in deals]
    # Chance may make one of these look like another for few samples: the most special one comes first.
    for mistake in ("indices_out_of_range", "counted_from_one", "drawn_with_replacement", "each_batch_drawn_anew"):
        if mistake in found:
            wrong = found.index(mistake)
            dealt = _listed(itertools.chain.from_iterable(deals[wrong][2]))
            raise Fault(mistake, f"(Your batches here hold {dealt}.)", cases[wrong])
    agree(student, cases)


def _in_form(batches):
    return isinstance(batches, list | tuple) and all(
        isinstance(batch, torch.Tensor)
        and batch.dim() == 1
        and not batch.is_floating_point()
        and not batch.is_complex()
        and batch.dtype != torch.bool
        for batch in batches
    )


def _wrong_form(batches):
    """Which mistake it is that batches come in the form of `batches`, None where it is right or of no known mistake."""
    if isinstance(batches, torch.Tensor):
        return "one_tensor_for_all"
    # A generator of the submission's travels as the name of its type.
    if getattr(batches, "type_name", type(batches).__name__) == "generator":
        return "batches_yielded"
    if not isinstance(batches, list | tuple) or not batches:
        return None
    if len(batches) == 2 and isinstance(batches[0], list | tuple) and isinstance(batches[1], torch.Tensor):
        return "order_returned_as_well"
    if all(isinstance(index, int) for index in batches):
        return "list_of_numbers"
    if any(isinstance(batch, list | tuple) for batch in batches):
        return "lists_of_numbers"
    if not all(isinstance(batch, torch.Tensor) for batch in batches):
        return None
    if all(batch.dim() == 0 for batch in batches):
        return "list_of_numbers"
    if any(batch.is_floating_point() for batch in batches):
        return "indices_are_floats"
    if any(batch.dim() == 2 for batch in batches):
        return "indices_get_a_dimension"
    if any(batch.dtype != torch.int64 for batch in batches) and _in_form(batches):
        return "indices_of_another_whole_dtype"
    return None


def _wrongly_cut(deals):
    """How `deals`, of (samples, size, batches), are cut; None where every batch has its size.

    The way of cutting that most of the wrong ones agree with, if it is most.
    """
    cuts = [(samples, size, [len(batch) for batch in batches]) for samples, size, batches in deals]
    wrong = [each for each in cuts if each[2] != right_sizes(*each[:2])]
    if not wrong:
        return None

    def agreeing(way, some):
        return sum(CUTS[way](samples, size) == sizes for samples, size, sizes in some)

    if all(_neighbours(batch) for *_, batches in deals for batch in batches) and all(
        sorted(sizes)[::-1] == right_sizes(samples, size) for samples, size, sizes in cuts
    ):
        return "batches_shuffled_and_not_samples"
    best = max(CUTS, key=lambda way: agreeing(way, cuts))
    if best == "short_batch_filled_up" and any(
        len(set().union(*batches[:-1])) < sum(map(len, batches[:-1])) for *_, batches in deals
    ):
        # Nobody draws a sample twice into one batch by shuffling anew for each.
        inside = any(len(set(batch)) < len(batch) for *_, batches in deals for batch in batches)
        return "drawn_with_replacement" if inside else "each_batch_drawn_anew"
    return best if agreeing(best, wrong) > len(wrong) / 2 else "wrong_sizes"


def _neighbours(batch):
    return all(after == before + 1 for before, after in pairwise(batch))


def _wrongly_dealt(samples, batches):
    """What is wrong with the indices of one epoch of batches of the right sizes, None where nothing is."""
    indices = [index for batch in batches for index in batch]
    if sorted(indices) == list(range(samples)):
        return None
    if sorted(indices) == list(range(1, samples + 1)):
        return "counted_from_one"
    if len(set(indices)) == len(indices) or min(indices) < 0 or max(indices) >= samples:
        return "indices_out_of_range"
    inside = all(len(set(batch)) == len(batch) for batch in batches)
    return "each_batch_drawn_anew" if inside and len(batches) > 1 else "drawn_with_replacement"


def are_shuffled(student):
    """All orders are equally likely: chance fails a right answer less than once in 1e11 times."""
    large = {"num_samples": 1000, "batch_size": 64}
    asked = [Call({**large, "generator": Seed(seed)}, times=times) for seed, times in ((5, 1), (5, 1), (6, 1), (7, 2))]
    first, again, other, (one, two) = student.values(asked)
    order = _ordered(first)
    mistake = _not_shuffled(order, [batch.tolist() for batch in first])
    if mistake is None and order != _ordered(again):
        mistake = "generator_ignored"
    if mistake is None and order == _ordered(other):
        mistake = "always_the_same_order"
    if mistake is None and _ordered(one) == _ordered(two):
        mistake = "generator_not_advanced"
    if mistake is not None:
        raise Fault(mistake, f"(Of 1000 samples your first batch holds {_listed(first[0].tolist())}.)")
    counts = [0] * 24
    # 4,800 epochs of 4 samples: chi-squared with 23 degrees of freedom is above 110 by chance once in 4e12 times.
    small = Call({"num_samples": 4, "batch_size": 3, "generator": Seed(8)}, times=4800)
    for epoch in student.values([small])[0]:
        counts[_permutation_number(_ordered(epoch))] += 1
    if sum((count - 200) ** 2 / 200 for count in counts) > 110:
        raise Fault("some_orders_more_likely")


def _ordered(batches):
    return [index for batch in batches for index in batch.tolist()]


def _permutation_number(order):
    """0 to 23: which of the permutations of four numbers `order` is."""
    number = 0
    for place, value in enumerate(order):
        number = number * (4 - place) + sum(later < value for later in order[place + 1 :])
    return number


def _not_shuffled(order, batches):
    """How 1,000 indices in 16 batches are in less than random order, None where they look shuffled."""
    steps = [after - before for before, after in pairwise(order)]
    if order == sorted(order):
        return "not_shuffled"
    if order == sorted(order, reverse=True):
        return "only_reversed"
    if all(step % 1000 == steps[0] % 1000 for step in steps):
        return "only_rotated"
    if all(_neighbours(batch) for batch in batches):
        return "batches_shuffled_and_not_samples"
    if all(max(batch) - min(batch) < len(batch) for batch in batches):
        return "shuffled_inside_batches_only"
    if all(batch == sorted(batch) for batch in batches):
        return "batches_sorted"
    # Of 1,000 shuffled indices one stays in its place on average; 30 do so once in 1e32 times. The mean distance from
    # an index's own place is 333, with a standard error of 6.7: seven of them. A pair of neighbours comes out as
    # neighbours, in this order, about once; 30 times once in 1e32 times.
    in_place = sum(index == place for place, index in enumerate(order))
    distance = sum(abs(index - place) for place, index in enumerate(order)) / 1000
    if in_place > 30 or distance < 333 - 47 or sum(step == 1 for step in steps) > 30:
        return "partly_shuffled"
    return None
