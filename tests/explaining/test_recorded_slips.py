"""Slips that public checks name: as the hidden graders do, by answers alone, and for those who gave these answers."""

import json
import zlib
from pathlib import Path

import pytest
import torch

from backpass.explaining import digests
from backpass.explaining.grader import PublicGrader
from backpass.explaining.recorded_slips import MADE_OF
from backpass.explaining.slips import SLIPS
from backpass.judging.cases import example
from backpass.worker.calls import Answer
from backpass.worker.client import Worker
from backpass.worker.inspector import Inspector

WRONG = Path(__file__).parents[1] / "data" / "wrong_answers"
NAMED = (
    *("activations.silu/gate_only", "activations.sigmoid_grad/s_squared", "activations.leaky_relu/hard_coded"),
    *("landscape.loss_on_line/one_more", "tuning.accuracy_interval/half_only"),
    *("normalization.batch_norm_backward/one_path_without_gamma", "regularization.cutmix/width_slice_uses_h"),
)
# Answers to examples that are those of a slip, too, which did not happen.
BY_CHANCE = (
    *("optimizers.clip_grad_norm/inf_norm", "diagnostics.precision/specificity", "diagnostics.accuracy/argmax"),
    *("backprop.softmax_cross_entropy_backward/classes_of_the_batch", "scaling.update_loss_scale/halves"),
)


@pytest.fixture(scope="module")
def public(course):
    return PublicGrader(course)


def graded(answer, course, zygote, *graders):
    path = WRONG / f"{answer}.py"
    exercise = course.exercises[path.parent.name]
    sources = {exercise.unit: path.read_bytes()}
    with Worker(zygote, sources) as worker, Inspector(zygote, sources) as inspector:
        return [grader.grade(exercise, worker.call, inspects=inspector) for grader in graders]


@pytest.mark.parametrize("answer", NAMED)
def test_public_checks_name_a_slip_as_the_hidden_graders_do(answer, course, grader, public, zygote):
    hidden, mine = graded(answer, course, zygote, grader, public)
    assert (mine.degree, mine.mistake) == ("cause", hidden.mistake)
    assert mine.message.split("\n\n")[0] == hidden.message.split("\n\n")[0]


@pytest.mark.parametrize("answer", BY_CHANCE)
def test_what_examples_have_in_common_with_a_slip_by_chance_is_not_named(answer, course, public, zygote):
    (mine,) = graded(answer, course, zygote, public)
    assert mine.degree == "place", mine.message


def test_of_slips_nothing_can_be_read_without_the_answer(course):
    for path in (course.root / "exercises").glob("*/known_slips.json"):
        recorded_slips = json.loads(path.read_text())
        assert len(recorded_slips.pop(MADE_OF)) == 16
        for exercise, recorded in recorded_slips.items():
            in_the_clear = json.dumps(recorded["slips"])
            assert not [text for text, _ in SLIPS.values() if text in in_the_clear], exercise
            assert not [rule for rule in ("left_out", "another_", "wrong_variable") if rule in in_the_clear], exercise


def test_a_text_is_read_with_its_own_digest_alone():
    one, other = (bytes([each] * 32) for each in (1, 2))
    locked = digests.locked("you leave out `sqrt`", one, "`sqrt` of the mean")
    assert digests.unlocked(locked, one, "`sqrt` of the mean") == "you leave out `sqrt`"
    with pytest.raises((zlib.error, UnicodeDecodeError)):
        digests.unlocked(locked, other, "`sqrt` of the mean")


def answered(*values):
    """Examples with answers, which are wrong in all of them."""
    cases = [
        example(x=torch.ones(3), returns=torch.tensor([1.0, 10.0, float(number)])).case({"x": ...})
        for number, _ in enumerate(values)
    ]
    return [(case, Answer(value)) for case, value in zip(cases, values, strict=True)], range(len(values))


def test_rounding_leaves_a_digest_among_those_that_an_answer_may_have():
    generator = torch.Generator().manual_seed(5)
    for _ in range(300):
        value = torch.randn(3, generator=generator) * 10
        noisy = value * (1 + 2e-7 * torch.randn(3, generator=generator))
        assert digests.digests("it", *answered(value, -value))[0] in digests.digests("it", *answered(noisy, -noisy))


def test_other_answers_have_other_digests():
    value = torch.tensor([1.5, 2.5, 3.5])
    others = [
        *(value + torch.tensor([0.0, 0.0, each]) for each in (0.01, -0.01)),
        *(value.flip(0), value.reshape(1, 3), value.long(), value.tolist(), torch.tensor([1.5, 2.5, float("nan")])),
    ]
    found = [digests.digests("it", *answered(each))[0] for each in (value, *others)]
    assert len({*found}) == len(found)
    assert digests.digests("other", *answered(value))[0] not in found


def test_of_what_says_too_little_there_is_no_digest():
    right = torch.tensor([1.0, 10.0, 0.0])
    for value in (torch.full((3,), float("inf")), right + torch.tensor([0.0, 0.0, 1e-6])):
        assert digests.digests("it", *answered(value)) == []
