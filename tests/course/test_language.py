"""Texts in another language: German, with the unit `initialization` to show it."""

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from backpass.authoring.translations import compiled, translate
from backpass.course import language
from backpass.course.editions import Edition, release
from backpass.course.language import Texts, tr
from backpass.course.manifest import Course
from backpass.course.stubs import docstrings, in_language
from backpass.explaining.grader import HiddenGrader
from backpass.explaining.rows import roles
from backpass.worker.client import Worker
from backpass.worker.inspector import Inspector

ROOT = Path(__file__).resolve().parents[2]
CATALOGUES = sorted(
    path for part in ("backpass", "exercises", "graders", "solutions") for path in (ROOT / part).rglob("locale/**/*.po")
)
MARKS = re.compile(r"\{[^{}]*\}|`[^`]+`|\\\d")
ENGLISH_WORDS = {
    "a",
    "and",
    "are",
    "for",
    "is",
    "not",
    "of",
    "should",
    "the",
    "this",
    "to",
    "what",
    "where",
    "you",
    "your",
}
WRONG = {
    "torch.rand(fan_out, fan_in, generator=generator) * (2 / fan_in) ** 0.5": (
        "Deine Zahlen sind gleichverteilt, und keine ist negativ. Verlangt ist eine Normalverteilung mit Mittelwert 0 "
        "(achte auf das n im Namen)."
    ),
    "torch.randn(fan_out, fan_in, generator=generator) * 0.123": "Deine Standardabweichung ist 0.123, egal wie breit",
    "torch.randn(fan_out, fan_in, generator=generator) * (2 / fan_in) ** 0.25": (
        "Die markierte Stelle in Zeile 3 sollte Folgendes sein: die Standardabweichung der Gewichte. Sie ist die "
        "Wurzel der Varianz."
    ),
    "torch.randn(fan_out, generator=generator) * (2 / fan_in) ** 0.5": (
        "Die markierte Stelle in Zeile 3 sollte Folgendes sein: das standardnormalverteilte Rauschen, gezogen aus "
    ),
    "torch.randn(fan_out, fan_in, generator=generator) * spread": (
        "Zeile 3 wirft NameError: name 'spread' is not defined. Wenn diese Zeile erreicht wird, gibt es hier kein "
    ),
    "torch.nn.init.kaiming_normal_(torch.empty(fan_out, fan_in), generator=generator)": (
        "`torch.nn.init.kaiming_normal_` ist schon fertig: gut zum Ausprobieren, aber `he_init` sollst du"
    ),
    "None": "`he_init` gibt None zurück. Fehlt ein `return`, oder ist die Funktion noch leer?",
}


@pytest.fixture
def spoken():
    """Makes the unit's course in a language; afterwards English is told again."""

    def course(spoken):
        roles.cache_clear()
        whole = Course.load(ROOT, spoken)
        return replace(whole, units=(whole.unit("initialization"),))

    yield course
    roles.cache_clear()
    language.use(language.ENGLISH)


@pytest.fixture
def told_of(zygote):
    """What is told of a he_init that returns an expression."""

    def told(grader, expression):
        exercise = grader.course.exercises["initialization.he_init"]
        source = f"import torch\ndef he_init(fan_in, fan_out, generator):\n    return {expression}\n"
        sources = {exercise.unit: source.encode()}
        with Worker(zygote, sources) as worker, Inspector(zygote, sources) as inspector:
            return grader.grade(exercise, worker.call, inspects=inspector).message

    return told


def test_a_wrong_answer_is_told_in_german_from_the_row_to_the_machinery(spoken, told_of):
    grader = HiddenGrader(spoken("de"))
    for expression, told in WRONG.items():
        message = told_of(grader, expression)
        assert message.startswith(told), message
        prose = MARKS.sub("", message.partition("\n\n")[0]).replace("name 'spread' is not defined", "")
        assert not ENGLISH_WORDS & set(re.findall(r"\w+", prose.lower())), message
        assert not re.search(r"you return|expected|should be|it is|standard deviation", message), message


def test_what_has_no_translation_is_told_in_english(spoken, told_of):
    grader = HiddenGrader(spoken("nb"))
    message = told_of(grader, next(iter(WRONG)))
    assert message.startswith("Your numbers are uniform, and none is negative.")
    assert "your standard deviation  0." in message


def test_titles_hints_and_the_quiz_are_translated(spoken):
    course = spoken("de")
    exercise = course.exercises["initialization.he_init"]
    assert course.unit("initialization").title == "Initialisierung: wo das Training beginnt"
    assert exercise.title == "Gewichte, die das Signal am Leben halten"
    assert exercise.hints[0].startswith("Die Aufgabe nennt eine Varianz.")
    assert tr("Not started yet.") == "Noch nicht angefangen."
    assert course.lesson("initialization") == "exercises/initialization/README.de.md"
    assert course.lesson("losses") == "exercises/losses/README.md"


def test_the_manifest_asks_for_a_language(spoken, tmp_path):
    (tmp_path / "course.toml").write_text('language = "de"\n' + (ROOT / "course.toml").read_text(encoding="utf-8"))
    assert Course.load(tmp_path).language == "de"
    assert tr("Not started yet.") == "Noch nicht angefangen."


def test_there_is_german():
    assert {path.parents[3].name for path in CATALOGUES} >= {"backpass", "exercises", "graders", "initialization"}


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_is_read_is_what_was_translated(path):
    assert path.with_suffix(".mo").read_bytes() == compiled(path)


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_translation_has_the_names_and_the_code_of_its_text(path):
    with path.open("rb") as file:
        for message in read_po(file):
            if message.id and message.string:
                assert set(MARKS.findall(message.string)) == set(MARKS.findall(message.id)), message.string
                assert "\u00a0" not in message.string


def test_translating_again_keeps_what_is_translated(spoken, tmp_path):
    for part in ("exercises", "graders", "solutions"):
        shutil.copytree(ROOT / part, tmp_path / part)
    shutil.copy2(ROOT / "course.toml", tmp_path)
    list(translate(tmp_path, "de", "initialization"))
    changed = tmp_path / "graders/initialization/locale/de/LC_MESSAGES/texts.po"
    before = changed.read_bytes()
    written = {path: (done, texts) for path, done, texts in translate(tmp_path, "de", "initialization")}
    assert changed.read_bytes() == before
    rows = tmp_path / "graders" / "initialization" / "mistakes.toml"
    rows.write_text(rows.read_text(encoding="utf-8").replace("All your weights are 0.", "All weights are zero."))
    again = {path: (done, texts) for path, done, texts in translate(tmp_path, "de", "initialization")}
    assert again.pop(changed) == (written[changed][0] - 1, written.pop(changed)[1])
    assert again == written
    with changed.open("rb") as file:
        fuzzy = next(each for each in read_po(file) if each.context == "he_init.mistakes.zeros")
    assert fuzzy.fuzzy
    language.use("de")
    assert language.Texts(rows.parent)(fuzzy.context, fuzzy.id) == fuzzy.id


def test_an_edition_has_the_translations_of_its_students(spoken, tmp_path):
    release(Course.load(ROOT), tmp_path / "edition", Edition.student)
    shipped = {path.relative_to(tmp_path / "edition").parts[0] for path in (tmp_path / "edition").rglob("*.mo")}
    assert shipped == {"backpass", "exercises"}
    assert (tmp_path / "edition/exercises/initialization/locale/de/LC_MESSAGES/texts.mo").is_file()
    everything = b"".join(path.read_bytes() for path in (tmp_path / "edition").rglob("*.[mp]o"))
    assert b"Du multiplizierst mit der Varianz" not in everything


def test_stubs_are_told_in_german_and_stay_the_same_stubs(spoken):
    spoken("de")
    written = (ROOT / "starter" / "initialization.py").read_text(encoding="utf-8")
    told = in_language(written, Texts(ROOT / "exercises" / "initialization"))
    stubs = ["stub", *(f"{name}.stub" for name in ("xavier_init", "he_init", "layer_stds", "layer_grad_stds"))]
    assert [id for id, _ in docstrings(told)] == stubs
    assert "Ziehe die Gewichte" in told and "Draw the weights" not in told
    without = [
        [line for line in source.splitlines() if line.startswith(("def ", "import ")) or "raise " in line]
        for source in (written, told)
    ]
    assert without[0] == without[1]
    assert max(map(len, told.splitlines())) <= 120
