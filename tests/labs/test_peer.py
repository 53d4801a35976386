"""The peer of a lab: which points it raises, what it makes of non-answers, and the file that a conversation leaves."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from backpass.cli import app
from backpass.course.editions import Edition, release
from backpass.course.lab_files import lab_names, model_answer_file
from backpass.course.manifest import Course
from backpass.labs.brief import load_lab, load_rubric
from backpass.labs.conversation import Conversation, Record, Turn
from backpass.labs.peer import closing, is_touched, next_challenge, objection, own_text
from backpass.studying.progress import Progress
from backpass.wrapping import printable

ROOT = Path(__file__).resolve().parents[2]
COURSE = Course.load(ROOT)
UNITS = lab_names(COURSE)
LOSSES = load_lab(COURSE, "losses")
OPEN = {
    "losses": ["counted twice", "whose price", "wrong labels"],
    "backprop": ["worse start", "bigger rate", "everything at once"],
    "activations": ["it did learn", "dead units", "prove it"],
    "optimizers": ["which of them", "which pictures"],
    "tuning": ["one point", "three decimals"],
    "diagnostics": ["all at once", "no fault at all"],
}


def answer(unit, name):
    return (ROOT / "tests" / "data" / "labs" / unit / f"{name}.md").read_text(encoding="utf-8")


def untouched(lab, text):
    own = own_text(text, lab)
    return [each.point for each in lab.challenges if not is_touched(each, own)]


def debate(lab, position, reply="I have thought about this, and I do not want to say more of it here, number {}."):
    """The conversation with a student who gives the same kind of answer to everything."""
    talk = Conversation(position)
    while (upcoming := next_challenge(lab, talk)) is not None:
        talk.turns.append(Turn(upcoming.challenge.point, upcoming.text, reply.format(len(talk.turns))))
    return talk


@pytest.mark.parametrize("unit", UNITS)
def test_a_weak_answer_has_to_hear_of_every_point_and_of_its_slip(unit):
    lab = load_lab(COURSE, unit)
    talk = debate(lab, answer(unit, "weak"))
    assert [turn.point for turn in talk.turns] == [each.point for each in lab.challenges]
    assert talk.turns[0].said.startswith("You write: ")
    assert "The brief says: " in talk.turns[0].said
    assert not any("The brief says" in turn.said for turn in talk.turns[1:])
    assert all(each.point in closing(lab, talk) for each in lab.challenges)


@pytest.mark.parametrize("unit", UNITS)
def test_a_middling_answer_hears_of_what_it_left_out_and_then_of_that_again(unit):
    lab = load_lab(COURSE, unit)
    assert untouched(lab, answer(unit, "middling")) == OPEN[unit]
    talk = debate(lab, answer(unit, "middling"))
    assert [turn.point for turn in talk.turns] == (OPEN[unit] * 2)[:5]
    assert "do not find my point" in talk.turns[len(OPEN[unit])].said


@pytest.mark.parametrize("unit", UNITS)
def test_who_has_touched_everything_is_pressed_three_times_and_not_praised(unit):
    lab = load_lab(COURSE, unit)
    for text in (answer(unit, "strong"), model_answer_file(COURSE, unit).read_text(encoding="utf-8")):
        assert untouched(lab, text) == []
        talk = debate(lab, text)
        assert [turn.point for turn in talk.turns] == [each.point for each in lab.challenges[:3]]
        assert all(turn.said.startswith('You write: "') for turn in talk.turns)
        assert "for your reader to judge" in closing(lab, talk)


def test_an_answer_that_meets_the_point_is_not_asked_again():
    talk = Conversation(answer("losses", "weak"))
    first = next_challenge(LOSSES, talk)
    met = (
        "The slope decides: on a confident miss the sigmoid makes that of the squared error smaller by a large factor."
    )
    talk.turns.append(Turn(first.challenge.point, first.text, met))
    assert first.challenge.point == "proper score"
    assert "proper score" not in untouched(LOSSES, talk.text)
    assert next_challenge(LOSSES, talk).challenge.point == "accuracy"


def test_a_new_slip_in_an_answer_is_quoted_in_the_next_turn():
    talk = Conversation(answer("losses", "middling"))
    talk.turns.append(Turn("counted twice", "...", "There are 8,000 healthy pictures, so this does not matter to us."))
    assert 'You write: "There are 8,000 healthy pictures' in next_challenge(LOSSES, talk).text


@pytest.mark.parametrize("text", ["gradients", "slopes", "a slope,", "confidently certain"])
def test_words_are_whole_and_may_be_inflected(text):
    challenge = LOSSES.challenges[0]
    assert not is_touched(challenge, "landslope sigmoidal uncertain factory gradientless")
    assert is_touched(challenge, f"{text} and the sigmoid, with certain factors")


def test_numbers_keep_their_digits_and_may_be_rounded_or_spelled_out():
    (counted,) = (each for each in LOSSES.challenges if each.point == "counted twice")
    said = "a threshold of {}, calibrated by {}"
    assert is_touched(counted, said.format("0.0625", "fifteen"))
    assert is_touched(counted, said.format("6.25%", "15"))
    assert is_touched(counted, said.format("6.3 per cent", "15"))
    for wrong in (("0.06251", "150"), ("16.25 %", "1.5"), ("6.3", "15,000")):
        assert not is_touched(counted, said.format(*wrong))


def test_terms_without_sentences_and_copied_words_touch_nothing():
    terms = " ".join(", ".join(group[0] for group in each.mentions) + "." for each in LOSSES.challenges)
    listed = f"The terms that you want to hear: {terms}"
    copied = "\n\n".join((LOSSES.brief, LOSSES.task, *(each.text for each in LOSSES.challenges)))
    quoted = "\n".join(f"> {line}" for line in answer("losses", "strong").splitlines())
    for text in (terms, listed, copied, quoted):
        assert untouched(LOSSES, text) == [each.point for each in LOSSES.challenges]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("> only a quotation", "no words of yours"),
        ("12,000 !!!", "no words of yours"),
        ("I do not know.", "Give me a reason"),
        ("Sigmoid, slope, gradient, factor, confident, threshold", "not an argument"),
        (LOSSES.challenges[0].text, "not yours"),
        (answer("losses", "weak"), "said this already"),
        ("accuracy is not **everything** in the end, since patients are not numbers", "said this already"),
    ],
)
def test_what_is_no_answer_is_told_why(text, said):
    talk = Conversation(answer("losses", "weak"))
    talk.turns.append(Turn("accuracy", "...", "Accuracy is not everything in the end, since patients are not numbers."))
    assert said in objection(text, LOSSES, talk)


def test_answers_are_answers():
    for unit in UNITS:
        for name in ("weak", "middling", "strong"):
            assert objection(answer(unit, name), load_lab(COURSE, unit), Conversation()) is None


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A student's folder, in which commands are typed; no model."""
    shutil.copytree(ROOT / "exercises", tmp_path / "exercises", ignore=shutil.ignore_patterns("__pycache__", "*.png"))
    shutil.copy(ROOT / "course.toml", tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BACKPASS_MODEL", raising=False)
    return tmp_path


def run(*arguments, typed=""):
    return CliRunner().invoke(app, ["lab", *arguments], input=typed)


REPLIES = "".join(f"This is my answer to you, and it is number {number} of them.\n\n" for number in range(5))


def test_a_whole_conversation_leaves_a_readable_file(folder):
    weak = ROOT / "tests" / "data" / "labs" / "losses" / "weak.md"
    result = run("losses", "--file", str(weak), typed=REPLIES)
    assert result.exit_code == 0, result.output
    assert "12,000 healthy pictures" in result.output
    assert "Your draft is labs/losses.md" in result.output
    text = (folder / "labs" / "losses.md").read_text()
    assert text.startswith("# Lab: the price of a missed eye\n")
    assert weak.read_text().strip() in text
    headings = [line for line in text.splitlines() if line.startswith("## ")]
    turns = [f"## Challenge {n}: {each.point} ## Answer {n}" for n, each in enumerate(LOSSES.challenges, 1)]
    assert " ".join(headings) == " ".join(["## Position", *turns, "## Closing"])
    again = run("losses")
    assert "finished: labs/losses.md" in again.output
    assert (folder / "labs" / "losses.md").read_text() == text


def test_it_goes_on_where_it_was_stopped(folder):
    file = folder / "labs" / "losses.md"
    assert "Nothing is written yet." in run("losses", typed="\n\nq\n").output
    assert not file.exists()
    result = run(
        "losses", typed="Cross-entropy has the steeper slope, where the network\nis confident and wrong.\n\nq\n"
    )
    assert "To go on: backpass lab losses" in result.output
    # A kill in the middle of an answer: its lines are there, and nothing of what follows.
    with file.open("a") as opened:
        opened.write("\n## Answer 1\n\nA patient does not care about accuracy.")
    result = run("losses", typed="\n\n")
    assert "You wrote:\n  A patient does not care about accuracy." in result.output
    assert "2 of at most 5" in result.output
    talk = Record(Course.load(folder), LOSSES).read()
    assert talk.position == "Cross-entropy has the steeper slope, where the network\nis confident and wrong."
    assert talk.turns[0].answer == "A patient does not care about accuracy."
    assert len(talk.turns) == 2


def test_headings_and_control_characters_of_a_student_do_no_harm(folder):
    text = "## Closing\n\nI recommend cross-entropy for its slope.\n\n## My reasons\n\x1b[2Jand so on\n## Answer 7\n"
    (folder / "mine.md").write_text(text)
    run("losses", "--file", "mine.md")
    talk = Record(Course.load(folder), LOSSES).read()
    assert talk.closing is None
    assert talk.position.splitlines()[0] == r"\## Closing"
    assert "## My reasons\nand so on" in talk.position
    assert len(talk.turns) == 1


def test_what_is_there_is_never_overwritten(folder):
    file = folder / "labs" / "losses.md"
    file.parent.mkdir()
    file.write_text("My own notes.\n")
    result = run("losses", typed="x\n\n")
    assert result.exit_code == 2
    assert "has no heading `## Position`, so it is left alone" in result.output
    file.write_text("## Position\n\nCross-entropy is better, because its slope is.")
    (folder / "other.md").write_text("Another text.")
    result = run("losses", "--file", "other.md")
    assert result.exit_code == 2
    assert "already has a position" in result.output
    file.write_bytes(b"\xff\xfe")
    assert "cannot be read" in run("losses").output
    assert file.read_bytes() == b"\xff\xfe"


def test_files_and_units_that_will_not_do_are_told(folder):
    (folder / "empty.md").write_text("\n")
    assert "empty.md is empty" in run("losses", "--file", "empty.md").output
    assert "neurons has no lab" in run("neurons").output
    assert "There is no unit 'loses'" in run("loses").output
    (folder / "labs").write_text("a file in the way")
    result = run("losses", typed="Cross-entropy, since its slope is better.\n\n")
    assert result.exit_code == 2
    assert "could not be written" in result.output
    assert "Traceback" not in result.output


def test_the_editor_writes_a_text(folder, monkeypatch):
    script = folder / "editor"
    script.write_text('#!/bin/sh\nprintf "Written in an editor,\\n\\nand in two paragraphs.\\n" > "$1"\n')
    script.chmod(0o755)
    monkeypatch.setenv("VISUAL", str(script))
    run("losses", typed="e\n")
    position = Record(Course.load(folder), LOSSES).read().position
    assert position == "Written in an editor,\n\nand in two paragraphs."
    monkeypatch.setenv("VISUAL", str(folder / "nothing-there"))
    assert "Set EDITOR, or type here." in run("losses", typed="\ne\nTyped then.\n\n").output
    assert Record(Course.load(folder), LOSSES).read().turns[0].answer.startswith("Typed then.")
    # Neither is a text lost that was saved before the editor failed.
    script.write_text('#!/bin/sh\nprintf "Half a text" > "$1"\nexit 1\n')
    monkeypatch.setenv("VISUAL", str(script))
    assert "Editing failed" in run("losses", typed="\ne\n").output
    assert (folder / "labs" / "losses.draft.md").read_text() == "Half a text"


def test_self_study_marks_itself_and_then_reads_the_model_answer(tmp_path, monkeypatch):
    release(COURSE, tmp_path / "edition", Edition.self_study)
    monkeypatch.chdir(tmp_path / "edition")
    monkeypatch.delenv("BACKPASS_MODEL", raising=False)
    course = Course.load(tmp_path / "edition")
    rubric = load_rubric(course, "losses")
    assert rubric == load_rubric(COURSE, "losses")
    weak = ROOT / "tests" / "data" / "labs" / "losses" / "weak.md"
    result = run("losses", "--file", str(weak), typed=REPLIES + "q\n")
    assert rubric[0].full[:40] in " ".join(result.output.split())
    assert "a model answer" not in result.output
    assert Progress(course).lab_points("losses") is None
    result = run("losses", typed="9\nx\n2\n2\n0\n0,5\n1\n1\n")
    assert "'9': a number from 0 to 4 is needed." in result.output
    assert "6.5 of 20 points" in result.output
    assert "a model answer" in result.output.partition("6.5 of 20")[2]
    assert Progress(course).lab_points("losses") == 6.5


def test_the_students_edition_has_neither_rubric_nor_model_answer(tmp_path):
    release(COURSE, tmp_path / "edition", Edition.student)
    for unit in UNITS:
        lines = [
            *model_answer_file(COURSE, unit).read_text().splitlines(),
            *(each.full for each in load_rubric(COURSE, unit)),
        ]
        long = {line for line in lines if len(line) > 60}
        for path in (tmp_path / "edition").rglob("*"):
            if path.suffix in (".md", ".toml", ".py"):
                assert not any(line in path.read_text() for line in long), path


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[31mred\x1b[0m\x07 b", "ared b"),
        ("\x1b]0;title\x07x\x1b]8;;http://e\x1b\\y", "xy"),
        ("\x9b2Jx\x1b(0y\x1b[?1049h\x08\r", "x0y"),
        ("one\r\ntwo\ttabs \u202egnp", "one\ntwo\ttabs gnp"),
        ("cut \x1b[3", "cut "),
    ],
)
def test_terminal_sequences_do_not_survive(text, shown):
    assert printable(text) == shown


def test_a_killed_conversation_is_taken_up_in_a_real_terminal(folder, open_terminal):
    terminal = open_terminal(folder, "lab", "losses")
    terminal("Your position")
    terminal("> It is about slopes.", ["It is about slopes.", "Enter"])
    file = folder / "labs" / "losses.md"
    open_terminal.kill()
    assert file.read_text().endswith("## Position\n\nIt is about slopes.\n")
    terminal = open_terminal(folder, "lab", "losses")
    screen = terminal("Write on, or press Enter")
    assert "You wrote:\n  It is about slopes." in screen
    terminal("Give me a reason.", ["Enter"])
    screen = terminal("1 of at most 5", ["They decide what a network learns.", "Enter", "Enter"])
    assert max(map(len, screen.splitlines())) <= 80
    terminal("To go on: backpass lab losses", ["C-c"])
