"""The quizzes as they are: complete, balanced, and marked by their own key."""

import re
import tomllib
from itertools import islice

import pytest

from backpass.course import quizzes
from backpass.course.manifest import Course, CourseError, find_root
from backpass.course.quizzes import FINAL, key_texts, load_key, load_quiz, mark, quiz_names, whole_bank

COURSE = Course.load(find_root())
QUIZZES = {name: load_quiz(COURSE, name) for name in quiz_names(COURSE)}
KEYS = {name: load_key(COURSE, quiz) for name, quiz in QUIZZES.items()}
QUESTIONS = [(name, question) for name, quiz in QUIZZES.items() for question in quiz.questions]
each_question = pytest.mark.parametrize(("name", "question"), QUESTIONS, ids=lambda value: getattr(value, "id", value))


@each_question
def test_the_key_marks_its_own_answer_as_right(name, question):
    key = KEYS[name][question.id]
    marked = mark(question, key, key.right)
    assert marked.is_right
    assert marked.explanations


@each_question
def test_every_other_answer_is_wrong_and_explained(name, question):
    key = KEYS[name][question.id]
    if question.kind == "number":
        wrong = [value for value, _ in key.slips] + [key.right + 3 * key.tolerance + 1e-3]
    elif question.kind == "one":
        wrong = [letter for letter in question.choices if letter != key.right]
    else:
        wrong = [key.right ^ {letter} for letter in question.choices]
    for answer in wrong:
        marked = mark(question, key, answer)
        assert marked.share < 1, answer
        assert all(marked.explanations)
    texts = list(key.why.values()) + [why for _, why in key.slips]
    assert len(set(texts)) == len(texts)


@each_question
@pytest.mark.parametrize("answer", [None, "", "z", "ab", frozenset("z"), float("nan"), float("inf"), True, 1e300])
def test_what_is_no_answer_is_worth_nothing(name, question, answer):
    assert mark(question, KEYS[name][question.id], answer).share == 0


def test_right_letters_are_spread_evenly():
    letters = [KEYS[name][question.id].right for name, question in QUESTIONS if question.kind == "one"]
    counts = [letters.count(letter) for letter in "abcd"]
    assert sum(counts) == len(letters)
    assert max(counts) <= 0.35 * len(letters), counts


def test_length_does_not_give_the_answer_away():
    ones = [(question, KEYS[name][question.id]) for name, question in QUESTIONS if question.kind == "one"]
    longest = sum(max(q.choices, key=lambda letter: len(q.choices[letter])) == key.right for q, key in ones)
    shortest = sum(min(q.choices, key=lambda letter: len(q.choices[letter])) == key.right for q, key in ones)
    assert longest <= 0.4 * len(ones)
    assert shortest <= 0.45 * len(ones)


def test_several_choices_are_worth_a_share():
    quiz = next(quiz for quiz in QUIZZES.values() if any(q.kind == "several" for q in quiz.questions))
    question = next(q for q in quiz.questions if q.kind == "several")
    key = KEYS[quiz.name][question.id]
    one_off = key.right ^ {next(iter(question.choices))}
    assert mark(question, key, one_off).share == pytest.approx(1 - 2 / len(question.choices))
    assert mark(question, key, frozenset(question.choices) - key.right).share == 0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("title = ", "is not valid TOML"),
        ('title = "T"', "questions = None"),
        ('title = "T"\n[[questions]]\nid = "a"\nkind = "free"\ntext = "?"', "is of the kind 'free'"),
        ('title = "T"\n[[questions]]\nid = "a"\nkind = "one"\ntext = "?"', "with 0 choices"),
    ],
)
def test_a_quiz_that_is_not_valid_says_what_is_wrong(tmp_path, text, words):
    (tmp_path / "course.toml").write_text((COURSE.root / "course.toml").read_text())
    (tmp_path / "exercises" / FINAL).mkdir(parents=True)
    (tmp_path / "exercises" / FINAL / "quiz.toml").write_text(text)
    with pytest.raises(CourseError, match=words):
        load_quiz(Course.load(tmp_path), FINAL)


def variants(name):
    """Every question of a bank with each of its numbers, and the key to it."""
    path, key = (COURSE.root / file for file in (f"exercises/{name}/quiz.toml", f"solutions/quizzes/{name}.toml"))
    keys = tomllib.loads(key.read_text())
    for record in tomllib.loads(path.read_text())["questions"]:
        for values in record.get("vary", [{}]):
            question = quizzes._question(path, record, name, values)
            yield question, quizzes._key(key, question, keys[question.id])


@pytest.mark.parametrize("name", QUIZZES)
def test_every_variant_has_one_right_answer_and_no_name_left(name):
    for question, key in variants(name):
        assert mark(question, key, key.right).is_right
        told = [question.text, *question.choices.values(), *key.why.values(), *(why for _, why in key.slips)]
        assert not re.search(r"\{[^{}]*\}", "".join(told)), question.id
        slips = [round(value, 9) for value, _ in key.slips]
        assert len(set(slips)) == len(slips), (question.id, question.values, slips)
        for value in slips:
            assert abs(value - key.right) > key.tolerance, (question.id, question.values, value)


@pytest.mark.parametrize("name", QUIZZES)
def test_a_bank_has_three_variants_of_each_question_and_another_where_choices_are_its_point(name):
    records = tomllib.loads((COURSE.root / "exercises" / name / "quiz.toml").read_text())["questions"]
    for question in QUIZZES[name].questions:
        asked = [each for each in records if question.id in (each["id"], each.get("instead_of"))]
        assert sum(len(each.get("vary", [{}])) for each in asked) >= 3, question.id
        assert len(asked) >= 2 or question.kind == "number", question.id


def test_length_does_not_give_the_answer_away_in_any_question_of_the_banks():
    ones = [each for name in QUIZZES for each in variants(name) if each[0].kind == "one"]
    for of, at_most in ((max, 0.4), (min, 0.45)):
        told = sum(of(q.choices, key=lambda letter: len(q.choices[letter])) == key.right for q, key in ones)
        assert told <= at_most * len(ones), (of, told, len(ones))


@pytest.mark.parametrize("name", QUIZZES)
def test_another_attempt_has_other_numbers_or_another_question(name):
    asked = [load_quiz(COURSE, name, "ada", attempt) for attempt in range(3)]
    for first, *others in zip(*(quiz.questions for quiz in asked), strict=True):
        for other in others:
            assert (first.id, first.values) != (other.id, other.values), first.id
    assert load_quiz(COURSE, name, "ada", 0) == asked[0]


def test_a_seed_shuffles_choices_and_spreads_the_right_letters():
    letters = []
    for seed in range(20):
        quiz = load_quiz(COURSE, FINAL, f"student {seed}")
        key = load_key(COURSE, quiz)
        letters += [key[question.id].right for question in quiz.questions if question.kind == "one"]
    shares = [letters.count(letter) / len(letters) for letter in "abcd"]
    assert min(shares) > 0.17 and max(shares) < 0.33, shares


def test_a_shuffled_choice_keeps_its_explanation():
    written = tomllib.loads((COURSE.root / "solutions" / "quizzes" / "losses.toml").read_text())
    drawn = load_quiz(COURSE, "losses", "ada", 2)
    for question in drawn.questions:
        key = load_key(COURSE, drawn)[question.id]
        if question.kind == "one":
            assert question.written[key.right] == written[question.id]["right"]
            assert sorted(question.choices) == sorted(question.written.values())


def test_texts_to_translate_have_their_fields():
    bank = whole_bank(COURSE, "losses")
    houses = next(question for question in bank.questions if question.id == "four_houses")
    assert "{small}" in houses.text
    told = dict(islice(key_texts(COURSE, "losses"), 30))
    assert "{small" in told["losses.four_houses.right"]
