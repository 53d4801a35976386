"""Exercises that are declared with what is asked of their kind."""

import pytest
import torch

from backpass.course.manifest import CourseError
from backpass.judging.cases import fixed
from backpass.judging.checks import checks_of
from backpass.judging.kinds import backward, forward, function, once_right, random, worth

ONE = fixed({"x": torch.ones(2)})
OTHER = fixed({"x": torch.zeros(2)})


def test_checks_are_looked_at_in_the_order_in_which_they_are_written_and_purity_comes_last():
    declared = checks_of(function("unit.name", late=worth(2, OTHER), values=worth(5, ONE)))
    assert [check.name for check in declared] == ["test_name_late", "test_name_values", "test_name_is_pure"]
    assert [(check.weight, check.once_right) for check in declared] == [(2, False), (5, False), (1, True)]
    assert declared[-1].sources == (ONE,)


def test_purity_has_its_place_and_its_points_where_it_is_mentioned():
    declared = checks_of(function("unit.name", is_pure=once_right(3), values=worth(5, ONE)))
    assert [(check.name, check.weight, check.sources) for check in declared] == [
        ("test_name_is_pure", 3, (ONE,)),
        ("test_name_values", 5, (ONE,)),
    ]


@pytest.mark.parametrize(
    ("declare", "missing"),
    [
        (lambda: function("unit.name", gradient=worth(1, ONE)), "values"),
        (lambda: forward("unit.name", values=worth(1, ONE)), "gradient"),
        (lambda: random("unit.name", values=worth(1, ONE), generator={}), "uses_the_generator"),
        (lambda: backward("unit.name", of=torch.sin, at={}, by=lambda given, grad_out: {}), "values"),
    ],
)
def test_a_kind_does_without_nothing_that_it_asks_for(declare, missing):
    with pytest.raises(CourseError, match=missing):
        declare()
