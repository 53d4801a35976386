"""The commands as a person runs them, in processes of their own."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from backpass.classroom.result_files import read_results
from backpass.course.manifest import Course
from backpass.studying.progress import FILE

ROOT = Path(__file__).resolve().parent.parent
COURSE = Course.load(ROOT).exercises
EXERCISES = len(COURSE)


def run(*command):
    return subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, timeout=300)


@pytest.fixture
def nothing_done():
    """The kit without the progress that whoever tests it, or an earlier test, has made."""
    made = ROOT / FILE
    before = made.read_bytes() if made.is_file() else None
    made.unlink(missing_ok=True)
    yield
    made.unlink(missing_ok=True)
    if before is not None:
        made.write_bytes(before)


@pytest.mark.usefixtures("nothing_done")
def test_a_fresh_kit_is_a_list_of_what_is_to_do_in_less_than_a_screen():
    ran = run("pytest", "exercises/")
    assert ran.returncode == 1
    assert len(ran.stdout.splitlines()) < 50
    assert f"0 of {EXERCISES} done" in ran.stdout
    assert "Open starter/neurons.py:" in ran.stdout
    assert "Traceback" not in ran.stdout


def test_the_solutions_pass_the_public_checks():
    ran = run("pytest", "exercises/", "--submission", "solutions")
    assert ran.returncode == 0, ran.stdout
    assert f"{EXERCISES} of {EXERCISES} done" in ran.stdout


@pytest.fixture
def adam_without_correction(tmp_path):
    for file in (ROOT / "solutions").glob("*.py"):
        text = file.read_text()
        if file.stem == "optimizers":
            text = text.replace("m_hat = m / (1 - beta1**t)", "m_hat = m")
            text = text.replace("v_hat = v / (1 - beta2**t)", "v_hat = v")
        (tmp_path / file.name).write_text(text)
    return tmp_path


def test_public_checks_name_the_mistake_and_display_the_case(adam_without_correction):
    results = adam_without_correction / "results"
    submission = ("--submission", str(adam_without_correction), "--results", str(results))
    ran = run("pytest", "exercises/", "-k", "adam", *submission)
    assert ran.returncode == 1
    assert "You leave the bias correction out" in " ".join(ran.stdout.split())
    assert "expected  param = [0.9]" in ran.stdout
    assert "backpass/plugin" not in ran.stdout
    (result,) = read_results(results)  # of what was checked, for `backpass export`
    adam = result.exercises["optimizers.adam_step"]
    assert (adam.status, adam.points, adam.mistake) == ("failed", 0, "no_bias_correction")
    assert "losses.softmax" not in result.exercises


def test_hidden_graders_run_under_pytest_and_keep_the_expected_value_when_told_to(adam_without_correction):
    hidden = (
        "pytest",
        "graders/optimizers",
        "-k",
        "test_adam_step_values",
        "--submission",
        str(adam_without_correction),
    )
    ran = run(*hidden)
    assert ran.returncode == 1
    assert "[no_bias_correction]" in ran.stdout
    assert "you return" in ran.stdout
    assert "expected  param = " in ran.stdout
    ran = run(*hidden, "--hide-expected")
    assert "you return" in ran.stdout
    assert "expected" not in ran.stdout and "should be  " not in ran.stdout


def test_cuda_checks_skip_with_a_reason_where_there_is_no_device():
    torch = pytest.importorskip("torch")
    if torch.cuda.is_available():
        pytest.skip("there is a CUDA device here")
    ran = run("pytest", "graders/initialization", "--device", "cuda", "--submission", "solutions", "-rs")
    assert "there is no CUDA device here" in ran.stdout
    assert "passed" not in ran.stdout


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    folder = tmp_path_factory.mktemp("class")
    for name in ("ada", "ben", "cleo"):
        shutil.copytree(ROOT / "examples" / name, folder / name)
    (folder / "empty").mkdir()
    (folder / "damaged.zip").write_bytes(b"no zip")
    (folder / "loop").mkdir()
    (folder / "loop" / "losses.py").write_text("while True: pass\n")
    ran = run("backpass", "grade", str(folder), "--out", str(folder / "results"))
    assert ran.returncode == 0, ran.stdout + ran.stderr
    lines = (folder / "results" / "results.jsonl").read_text().splitlines()
    return {record["submission"]: record for record in map(json.loads, lines)}, folder


def test_every_submission_has_its_record(graded):
    records, folder = graded
    assert set(records) == {"ada", "ben", "cleo", "damaged", "empty", "loop"}
    statuses = {"passed", "failed", "todo", "crashed", "timeout", "shortcut"}
    for record in records.values():
        assert record["max_points"] == sum(exercise.points for exercise in COURSE.values())
        assert record["points"] == sum(result["points"] for result in record["exercises"].values())
        for result in record["exercises"].values():
            always = {"status", "points", "max_points", "mistake", "message"}
            place = {"degree", "line", "column", "end_line", "end_column", "expression", "should_be"}
            assert always <= set(result) <= always | place
            assert result["status"] in statuses
    assert len((folder / "results" / "grades.csv").read_text().splitlines()) == 7


def test_the_examples_get_the_feedback_that_they_are_there_for(graded):
    records, _ = graded
    named = {(name, id): result["mistake"] for name, r in records.items() for id, result in r["exercises"].items()}
    assert named["ada", "optimizers.adam_step"] == "eps_inside_the_root"
    assert named["ben", "losses.softmax"] == "maximum_of_the_whole_batch"
    assert named["ben", "losses.cross_entropy"] == "summed_over_the_batch"
    assert named["ben", "initialization.he_init"] == "variance_in_place_of_standard_deviation"
    assert records["cleo"]["exercises"]["losses.softmax"]["status"] == "shortcut"
    assert records["cleo"]["exercises"]["backprop.linear_backward"]["status"] == "crashed"
    assert records["loop"]["exercises"]["losses.softmax"]["status"] == "timeout"
    assert records["damaged"]["problem"]
    assert {result["status"] for result in records["empty"]["exercises"].values()} == {"todo"}


def test_a_path_that_is_not_there_is_one_clear_sentence():
    ran = run("backpass", "grade", "absent", "--out", "/tmp/never")
    assert ran.returncode == 2
    assert ran.stdout.strip() == "There is no absent."
