"""The labs as they are: complete, read into their parts, and with facts that accuse nobody wrongly."""

import tomllib
from pathlib import Path

import pytest

from backpass.course.lab_files import lab_names, model_answer_file
from backpass.course.manifest import Course, CourseError, find_root
from backpass.labs.brief import load_lab, load_rubric
from backpass.labs.facts import FactError, contradictions, parse_facts

COURSE = Course.load(find_root())
ANSWERS = Path(__file__).resolve().parents[1] / "data" / "labs"
PARAPHRASES = tomllib.loads((ANSWERS / "paraphrases.toml").read_text())


@pytest.mark.parametrize("unit", lab_names(COURSE))
def test_a_lab_has_all_its_parts(unit):
    lab = load_lab(COURSE, unit)
    assert lab.title.startswith("Lab: ")
    assert lab.peer.isalpha()
    assert len(lab.facts) >= 3
    assert 3 <= len(lab.challenges) <= 5
    for challenge in lab.challenges:
        assert len(challenge.mentions) >= 2
        assert len(challenge.text.split()) > 15
        assert "mentions" not in challenge.text
    rubric = load_rubric(COURSE, unit)
    assert sum(criterion.points for criterion in rubric) == 20
    assert model_answer_file(COURSE, unit).is_file()


def test_a_unit_without_a_lab_is_told_which_have_one():
    with pytest.raises(CourseError, match=r"neurons has no lab. There is one in losses, backprop, activations"):
        load_lab(COURSE, "neurons")


@pytest.mark.parametrize(
    ("unit", "said", "fact"),
    [
        ("losses", "12,000 healthy pictures and only 80 early-stage pictures.", "800 early-stage pictures"),
        ("backprop", "You have only 400 pictures, which is not enough", "1,400 pictures"),
        ("activations", "it has seen the 5,000 pictures many times", "50,000 pictures"),
        ("optimizers", "With 3,000 pictures and 200 epochs", "30,000 pictures"),
        ("tuning", "The network was tuned with 14,370 training pictures", "1,437 training pictures"),
        ("diagnostics", "but you have only 200 training recordings", "1,000 training recordings"),
    ],
)
def test_the_weak_answer_contradicts_the_brief_once(unit, said, fact):
    (found,) = contradictions((ANSWERS / unit / "weak.md").read_text(), load_lab(COURSE, unit).facts)
    assert said in found.sentence
    assert found.fact == fact


@pytest.mark.parametrize("unit", lab_names(COURSE))
def test_who_is_right_is_not_accused(unit):
    lab = load_lab(COURSE, unit)
    right = [(ANSWERS / unit / name).read_text() for name in ("middling.md", "strong.md")]
    right += [model_answer_file(COURSE, unit).read_text(), lab.brief, lab.task, *(each.text for each in lab.challenges)]
    assert len(PARAPHRASES[unit]) >= 10
    for text in (*right, *PARAPHRASES[unit]):
        assert contradictions(text, lab.facts) == []


@pytest.mark.parametrize(
    ("unit", "sentence"),
    [
        ("losses", "The two doctors disagreed on 30 % of them."),
        ("losses", "We have **twelve hundred** early-stage pictures."),
        ("backprop", "You have 14k pictures, which is plenty."),
        ("activations", "He wants to spend 1,000 euros on new labels."),
        ("activations", "Fifteen thousand labelled pictures are a good size."),
        ("optimizers", "The pictures come from 2,500 patients."),
        ("optimizers", "An epoch takes 2.16 minutes."),
        ("tuning", "All is measured on the 180 held-back pictures."),
        ("diagnostics", "All is measured on the 250 validation recordings."),
    ],
)
def test_other_slips_are_found(unit, sentence):
    found = contradictions(f"A first sentence. {sentence} And a last one.", load_lab(COURSE, unit).facts)
    assert [each.sentence for each in found] == [sentence]


def test_what_others_say_and_what_is_only_asked_contradicts_nothing():
    facts = load_lab(COURSE, "backprop").facts
    for text in (
        'You say "I have 400 pictures".',
        "> You have 400 pictures.",
        "Do you have 400 pictures?",
        "You have 400 new pictures.",
    ):
        assert contradictions(text, facts) == []


def test_a_line_that_is_no_fact_is_shown():
    with pytest.raises(FactError, match=r"'pictures of eyes': each phrase needs the same number"):
        parse_facts("- pictures of eyes")
    with pytest.raises(FactError, match=r"each phrase needs the same number, once; see '80 images'"):
        parse_facts("- 800 pictures | 80 images")
    with pytest.raises(FactError, match=r"'few' is not a number"):
        parse_facts("- 800 pictures; also few")
