"""The quizzes as they are: complete, balanced, and marked by their own key."""

import pytest

from backpass.course.manifest import Course, CourseError, find_root
from backpass.course.quizzes import FINAL, load_key, load_quiz, mark, quiz_names

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
