"""A course.toml that is not right is refused when it is read, with the line and what to do."""

import shutil

import pytest

from backpass.course.manifest import Course, CourseError

WRONG = {
    "a key that there is not": ('title = "One neuron"', 'titel = "One neuron"', "did you mean `title`?"),
    "a type": ("hide_expected = false", 'hide_expected = "no"', "hide_expected = 'no' is not true or false"),
    "a list of other things": ('returns = ["output"]', "returns = [1]", "returns has 1, and is to be a list of texts"),
    "points": ("points = 10", "points = 0", "points = 0 is not a number above 0"),
    "a prerequisite": ('"losses.log_softmax"]', '"losses.log_sofmax"]', "did you mean losses.log_softmax?"),
    "a signature that is none": ('"neuron(x, weight, bias)"', '"neuron(x,"', "is not of the form name(argument"),
    "another function's": ('"neuron(x, weight, bias)"', '"linear(x, weight, bias)"', "the exercise is `neuron`"),
    "not the solution's": ('"neuron(x, weight, bias)"', '"neuron(x, w, b)"', "it is neuron(x, weight, bias)"),
    "two of a name": ('name = "linear"', 'name = "neuron"', "neurons.neuron"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_told_with_its_line(name, course, tmp_path):
    old, new, told = WRONG[name]
    text = (course.root / "course.toml").read_text()
    assert old in text
    if name == "two of a name":
        text = text.replace('"linear(x, weight, bias)"', '"neuron(x, weight, bias)"')
        told = "there are two exercises neurons.neuron"
    wrong = text.replace(old, new, 1)
    (tmp_path / "course.toml").write_text(wrong)
    shutil.copytree(course.root / "solutions", tmp_path / "solutions")
    with pytest.raises(CourseError) as refusal:
        Course.load(tmp_path)
    (problem,) = [each for each in str(refusal.value).splitlines() if told in each]
    line = wrong.splitlines()[int(problem.partition("course.toml:")[2].partition(":")[0]) - 1]
    assert line.partition(" = ")[0] == new.partition(" = ")[0] or new in line
