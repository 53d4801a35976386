"""The catalogue of attacks: each gets the mark that an honest equivalent deserves, is named, and leaves nothing."""

import itertools
import json
import time
from dataclasses import replace
from pathlib import Path

import pytest

from backpass.classroom.grade import grade_submission
from backpass.classroom.pool import Pool
from backpass.student.hand_ins import HandIn
from backpass.student.submission import Submission
from backpass.worker.client import Zygote
from tests.worker import attack_catalogue as catalogue

LIMITS = catalogue.LIMITS
MOST_WORK = 200  # times the CPU time that a neighbour costs the grader, however fast the machine
MAX_MESSAGE = 4096
MAX_MEMORY = 200 * 2**20  # bytes that an attack may cost the grader
DATA = Path(__file__).resolve().parents[1] / "data"
ATTACKS = catalogue.catalogue()


@pytest.fixture(scope="module")
def zygote():
    catalogue.adopt_orphans()
    with Zygote(LIMITS) as zygote:
        yield zygote


NEIGHBOUR = Submission(
    "neighbour",
    {
        "losses": b"import torch\n"
        b"def softmax(logits):\n"
        b"    powers = torch.exp(logits - logits.amax(-1, keepdim=True))\n"
        b"    return powers / powers.sum(-1, keepdim=True)\n"
        b"def log_softmax(logits):\n"
        b"    return torch.log(softmax(logits))\n"
    },
)


@pytest.fixture(scope="module")
def neighbour_alone(grader, zygote):
    return grade_submission(grader, zygote, NEIGHBOUR).record()


@pytest.fixture(scope="module")
def seconds_of_a_neighbour(grader, zygote, neighbour_alone):
    start = time.process_time()
    for _ in range(3):
        grade_submission(grader, zygote, NEIGHBOUR)
    return (time.process_time() - start) / 3


@pytest.fixture(scope="module")
def course_before():
    return catalogue.fingerprint_of_the_course()


def test_the_catalogue_has_all_families():
    assert len(ATTACKS) >= 50
    assert {attack.family for attack in ATTACKS} == set(catalogue.FAMILIES)
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: f"{attack.family}-{attack.name}")
def test_an_attack_is_stopped_and_named(
    attack, grader, zygote, neighbour_alone, seconds_of_a_neighbour, course_before, tmp_path
):
    processes, marks, memory = catalogue.processes(), catalogue.marks(), catalogue.peak_memory()
    result, seconds = catalogue.grade(attack, grader, zygote, tmp_path)
    assert catalogue.peak_memory() - memory <= MAX_MEMORY

    got = {name: (result.exercises[name].status, result.exercises[name].points) for name in attack.expect}
    assert got == attack.expect, catalogue.texts(result)
    assert [words for words in attack.says if words not in catalogue.texts(result)] == [], catalogue.texts(result)
    assert seconds <= MOST_WORK * seconds_of_a_neighbour
    assert_presentable(result.record())

    assert catalogue.marks() == marks
    assert catalogue.processes() == processes
    assert catalogue.fingerprint_of_the_course() == course_before
    assert grade_submission(grader, zygote, NEIGHBOUR).record() == neighbour_alone


def assert_presentable(record):
    """One line of valid JSON, whose texts are short and safe to display."""
    line = json.dumps(record, ensure_ascii=False)
    assert json.loads(line) == record and "\n" not in line
    texts = [exercise["message"] for exercise in record["exercises"].values()]
    texts += record.get("noticed", [])
    for text in texts:
        assert len(text) <= MAX_MESSAGE
        assert all(character.isprintable() or character == "\n" for character in text), text


def honest_submissions():
    """Right, wrong and unfinished work of every unit, by name: name to the source of each unit."""
    found = {}
    for folder in sorted(DATA.glob("*_answers/*")):
        unit = folder.name.partition(".")[0]
        path = sorted(folder.glob("*.py"))[0]
        found.setdefault(f"{folder.parent.name}-{unit}", {unit: path.read_bytes()})
    for folder in sorted((catalogue.ROOT / "examples").iterdir()):
        found[folder.name] = {path.stem: path.read_bytes() for path in folder.glob("*.py")}
    found["starter"] = {path.stem: path.read_bytes() for path in (catalogue.ROOT / "starter").glob("*.py")}
    return found


def test_in_a_class_with_every_attack_the_honest_get_what_they_get_alone(
    course, grader, course_before, tmp_path, monkeypatch
):
    honest = honest_submissions()
    # Those that sit out a deadline would take most of the time.
    fast = [attack for attack in ATTACKS if ("timeout", 0) not in attack.expect.values()]
    folders, expected, waiting = [], {}, itertools.cycle(honest)
    for number, attack in enumerate(fast):
        folders.append(HandIn(f"{number:03}-attack", attack.lay_out(tmp_path)))
        if number % 2:
            place = tmp_path / f"{number:03}"
            place.mkdir()
            expected[place.name] = next(waiting)
            for unit, source in honest[expected[place.name]].items():
                (place / f"{unit}.py").write_bytes(source)
            folders.append(HandIn(place.name, place))
    assert set(expected.values()) == set(honest)
    processes, marks = catalogue.processes(), catalogue.marks()

    small = replace(course, limits=replace(LIMITS, seconds_a_request=10, seconds_a_submission=60))
    with Zygote(small.limits) as zygote:
        alone = {name: grade_submission(grader, zygote, Submission("", sources)) for name, sources in honest.items()}
    monkeypatch.setattr(
        "backpass.classroom.pool.HiddenGrader", lambda course: grader
    )  # which know these mistakes by now
    with Pool(small, jobs=2) as pool:
        graded = {result.submission: result for result in pool.grade(folders)}

    assert sorted(graded) == sorted(hand_in.name for hand_in in folders)
    for number, name in expected.items():
        assert graded[number].exercises == alone[name].exercises, name
        assert graded[number].noticed == ()
    for result in graded.values():
        assert_presentable(result.record())
    assert catalogue.marks() == marks
    assert catalogue.processes() == processes
    assert catalogue.fingerprint_of_the_course() == course_before
