"""Files of the catalogue: what their rows come to, and that a slip in one is told with file and line."""

import pytest

from backpass.course.manifest import CourseError, Exercise
from backpass.explaining import rows
from backpass.explaining.mistakes import Catalogue
from backpass.explaining.recorded import recorded_mistakes

ROLES = """
[average]
parts = "old, new, keep"
is = "keep * old + (1 - keep) * new"
[average.mistakes]
weights_swapped = ["(1 - keep) * old + keep * new", "{keep} weighs {new}, and {old} the rest, in {step}."]
"""
UNIT = """
[scaled.steps]
error = ["a - b", "the error: `a` minus `b`"]
scaled = ["c * error", "the scaled error", "Far is far."]
[scaled.mistakes]
plus = ["error = a + b", "You add them up."]
no_scale = ["scaled = error", "You do not scale."]
at_most = ["error = min(a - b, number)", "You stop at {number}.", [3]]
of_a_check = "A check says so."

[mixed]
like = "scaled"
without = ["no_scale"]
returns = "mixed, error"
[mixed.steps]
error = ["b - a", "the other error"]
mixed = ["average(c, error, 0.75)", "the new average: of errors"]
[mixed.mistakes]
plus = ["error = b + a", "You add here, too."]
both = ["error = -1; mixed = 5", "Both are wrong."]
"""
OF_A_ROLE = """
[mixed]
without = ["{left_out}"]
[mixed.steps]
mixed = ["average(a, b, 0.75)", "the new average"]
[mixed.mistakes]
plus = ["mixed = a + b", "You add them up."]
"""
EXERCISES = [Exercise("unit", name, f"{name}(a, b, c=2.0)", (), "", 10) for name in ("scaled", "mixed")]


@pytest.fixture
def read(tmp_path):
    """Reads the file of a unit, `text`, and what units share."""

    def read(text, roles=ROLES):
        (tmp_path / "graders" / "unit").mkdir(parents=True)
        (tmp_path / "graders" / "roles.toml").write_text(roles)
        path = tmp_path / "graders" / "unit" / "mistakes.toml"
        path.write_text(text)
        catalogue = Catalogue()
        rows.UnitFile(path, rows.roles(tmp_path), {}).add_to(catalogue, EXERCISES)
        return catalogue

    return read


def by_id(catalogue, name):
    return {mistake.id: mistake for mistake in catalogue.of(f"unit.{name}")}


def test_steps_make_the_right_answer_and_a_mistake_replaces_some(read):
    catalogue = read(UNIT)
    right = catalogue.anatomy("unit.scaled")
    assert (right.with_steps({})(5, 1), right.with_steps({})(5, 1, c=3.0)) == (8.0, 12.0)
    assert (right.steps["error"].short, right.steps["scaled"].why) == ("the error", "Far is far.")
    known = by_id(catalogue, "scaled")
    assert [known[id].function(5, 1) for id in ("plus", "no_scale", "at_most")] == [12.0, 4, 6.0]
    assert known["plus"].steps == {"error"}


def test_what_a_check_names_is_a_text_alone(read):
    catalogue = read(UNIT)
    assert catalogue.text("unit.scaled", "of_a_check") == "A check says so."
    assert "of_a_check" not in by_id(catalogue, "scaled")


def test_number_is_any_that_a_student_may_have_written(read):
    known = by_id(read(UNIT), "scaled")["at_most"]
    assert (known.number, known.tell) == (3, "You stop at 3.")
    other = known.member(0.5)
    assert (other.id, other.number, other.tell, other.function(5, 1)) == ("at_most", 0.5, "You stop at 0.5.", 1.0)


def test_an_exercise_is_like_another_but_for_what_it_says_itself(read):
    catalogue = read(UNIT)
    known = by_id(catalogue, "mixed")
    assert {"plus", "at_most", "both"} <= known.keys() and "no_scale" not in known
    assert known["plus"].tell == "You add here, too."
    assert catalogue.anatomy("unit.mixed").with_steps({})(5, 1) == (0.75 * 2 + 0.25 * -4, -4)
    assert known["both"].function(5, 1) == (5, -1)


def test_a_role_brings_its_mistakes_along_in_the_words_of_the_step(read):
    known = by_id(read(UNIT), "mixed")["mixed_weights_swapped"]
    assert known.tell == "`0.75` weighs the other error, and `c` the rest, in the new average."
    assert known.function(5, 1) == (0.25 * 2 + 0.75 * -4, -4)


def test_what_a_role_brings_along_may_be_left_out(read):
    known = by_id(read(OF_A_ROLE.format(left_out="mixed_weights_swapped")), "mixed")
    assert known.keys() == {"plus"}


def test_what_no_role_brings_along_cannot_be_left_out(read):
    with pytest.raises(
        CourseError, match=r"mistakes\.toml:3: mixed\.without: no role has the mistakes mixed_swapped here"
    ):
        read(OF_A_ROLE.format(left_out="mixed_swapped"))


@pytest.mark.parametrize(
    ("right", "wrong", "line", "told"),
    {
        "a name that is none": ('["a - b",', '["a - d",', 3, "`d` in `a - d` is no step and no input"),
        "no expression": ('["a - b",', '["a -",', 3, "is no Python expression"),
        "a circle": ('["a - b",', '["a - scaled",', 3, "`error` is computed from itself"),
        "a step like an argument": ("error = [", 'b = "a"\nerror = [', 3, "or is an argument's name"),
        "an unknown key": ("like =", 'as = "scaled"\nlike =', 11, "there is no key as; known are like"),
        "like an exercise that is none": ('like = "scaled"', 'like = "scale"', 11, "'scale' is missing"),
        "like itself": ('like = "scaled"', 'like = "mixed"', 11, "`like` goes round in a circle"),
        "without what there is not": ('["no_scale"]', '["no_scales"]', 11, "`without` has no_scales"),
        "a result that is no step": ('"mixed, error"', '"mixed, terror"', 14, "there is no step `terror`"),
        "a mistake in no step": ('["error = a + b"', '["terror = a + b"', 6, "there is no step `terror`"),
        "a mistake that is no assignment": (
            '["error = a + b"',
            '["error + a"',
            6,
            "not of the form `step = expression`",
        ),
        "a mistake without a text": (', "You add them up."]', "]", 6, "plus"),
        "too few parts of a role": ("(c, error, 0.75)", "(c, error)", 17, "gives other parts than old, new, keep"),
        "other parts of a role": ("error, 0.75)", "error, kept=0.75)", 17, "gives other parts than old, new, keep"),
    }.values(),
)
def test_an_error_is_told_with_its_line(read, right, wrong, line, told):
    assert right in UNIT
    with pytest.raises(CourseError) as error:
        read(UNIT.replace(right, wrong, 1))
    assert f"mistakes.toml:{line}: " in str(error.value) and told in str(error.value)


def test_a_role_is_made_of_those_above_it(read):
    with pytest.raises(CourseError, match=r"roles\.toml:4: .*`average` is not"):
        read(UNIT, ROLES.replace("keep * old +", "average(keep, old, 1) +", 1))


def test_an_exercise_that_the_course_does_not_have_is_refused(read):
    with pytest.raises(CourseError, match=r"mistakes\.toml: there is no exercise scald"):
        read(UNIT.replace("[scaled.", "[scald."))


def test_a_file_that_is_no_toml_is_refused(read):
    with pytest.raises(CourseError, match=r"mistakes\.toml: .*line 2"):
        read("\n[scaled\n")


def test_a_role_with_an_error_is_refused_with_file_and_line(read):
    with pytest.raises(CourseError, match=r"roles\.toml:6: average\.mistakes\.weights_swapped"):
        read(UNIT, ROLES.replace('["(1 - keep) * old', '["(1 - keep * old'))


def test_a_mistake_of_a_role_that_names_no_part_is_refused(read):
    with pytest.raises(CourseError, match=r"`kept` in"):
        read(UNIT, ROLES.replace('["(1 - keep)', '["(1 - kept)'))


def test_public_checks_know_why_a_step_is_as_it_is(course):
    why = "`momentum` is the share of the old velocity that stays"
    assert recorded_mistakes(course).why("optimizers.momentum_step", "new_velocity").startswith(why)
    assert recorded_mistakes(course).why("optimizers.momentum_step", "no_such_step") == ""


def test_public_checks_tell_all_that_answers_their_examples_alike(course):
    known = {mistake.id: mistake.tell for mistake in recorded_mistakes(course).of("losses.cross_entropy")}
    assert "mean_subtracted" not in known
    _, *told = known["minimum_subtracted"].split("\n- ")
    assert [text.partition(",")[0] for text in told] == [
        "You subtract the minimum of the row. The rest can be as large as before",
        "You subtract the mean of the row",
    ]
