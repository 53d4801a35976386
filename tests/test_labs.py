"""The labs as they are: complete, and read into their parts."""

import pytest

from backpass.course import Course, CourseError, find_root
from backpass.labs import lab_names, load_lab, load_rubric

COURSE = Course.load(find_root())


@pytest.mark.parametrize("unit", lab_names(COURSE))
def test_a_lab_has_all_its_parts(unit):
    lab = load_lab(COURSE, unit)
    assert lab.title.startswith("Lab: ")
    assert lab.peer.isalpha()
    assert 3 <= len(lab.challenges) <= 5
    for challenge in lab.challenges:
        assert len(challenge.mentions) >= 2
        assert len(challenge.text.split()) > 15
        assert "mentions" not in challenge.text
    rubric = load_rubric(COURSE, unit)
    assert sum(criterion.points for criterion in rubric) == 20
    assert (COURSE.root / "solutions" / "labs" / f"{unit}.md").is_file()


def test_a_unit_without_a_lab_is_told_which_have_one():
    with pytest.raises(CourseError, match=r"neurons has no lab. There is one in losses, backprop, activations"):
        load_lab(COURSE, "neurons")
