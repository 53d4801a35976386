"""What arrives is found and read, or refused with the reason."""

import json
import zipfile
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from backpass.student.hand_ins import HandIn, find_submissions
from backpass.student.intake import SubmissionError
from backpass.student.submission import read_submission
from tests.student.hand_ins import UNITS, found, problem, read, write, zipped


def test_a_folder_with_a_module_is_one_submission(tmp_path):
    write(tmp_path / "ada")
    assert find_submissions(tmp_path / "ada", UNITS) == [HandIn("ada", tmp_path / "ada")]
    assert found(write(tmp_path / "ben" / "starter").parent) == ["ben"]


def test_a_folder_of_submissions(tmp_path):
    write(tmp_path / "ada")
    write(tmp_path / "ben" / "starter")
    zipped(tmp_path / "cleo.zip", "hw/losses.py")
    assert found(tmp_path) == ["ada", "ben", "cleo"]
    assert all(submission.sources for submission in read(tmp_path).values())


@pytest.mark.parametrize("inside", ["losses.py", "starter/losses.py", "hw1/starter/losses.py", "Losses (1).py"])
def test_zips_are_read_wherever_the_module_lies(tmp_path, inside):
    path = zipped(tmp_path / "ada.zip", inside, "__MACOSX/losses.py", "notes.txt", "losses.ipynb")
    submission = read_submission(path, UNITS)
    assert (submission.name, submission.problem) == ("ada", None)
    assert submission.sources == {"losses": f"# {inside}\n".encode()}
    assert found(path) == ["ada"]


def test_the_module_nearest_to_the_top_counts_and_two_that_differ_are_refused(tmp_path):
    write(tmp_path / "ada", text="# top\n")
    write(tmp_path / "ada" / "old", text="# old\n")
    assert read_submission(tmp_path / "ada", UNITS).sources == {"losses": b"# top\n"}
    for name in ("one", "two"):
        write(tmp_path / "ben" / name, text=f"# {name}\n")
        write(tmp_path / "ben" / name, "backprop.py", "# the same\n")
    submission = read_submission(tmp_path / "ben", UNITS)
    assert submission.sources == {"backprop": b"# the same\n"}
    assert "one/losses.py and as two/losses.py" in submission.refused["losses"]
    assert submission.problem == submission.refused["losses"]


def test_an_empty_submission_tells_what_was_expected_and_what_there_is(tmp_path):
    write(tmp_path / "ada", "losses.ipynb")
    assert problem(tmp_path / "ada") == ("No module is in it: expected losses.py, backprop.py. It holds losses.ipynb.")


CANVAS = {
    "lovelaceada_12345_67890_losses.py": "# first upload\n",
    "lovelaceada_12345_67999_losses-1.py": "# second upload\n",
    "lovelaceada_12345_67891_backprop.py": "# backprop\n",
    "kimben_LATE_222_333_losses.py": "# ben\n",
    "anon_Xy12z_444_losses.py": "# nobody\n",
    "muñozcléo_777_text.html": "<p>I wrote it here.</p>",
}


@pytest.mark.parametrize("form", ["zip", "folder"])
def test_a_download_from_canvas(tmp_path, form):
    path = tmp_path / "submissions.zip"
    zipped(path, **CANVAS)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("turingalan_5_6_hw.zip", zipped(tmp_path / "hw.zip", "hw/losses.py").read_bytes())
    if form == "folder":
        zipfile.ZipFile(path).extractall(tmp_path / "extracted")
        path = tmp_path / "extracted"
    submissions = read(path)
    assert list(submissions) == ["anon_Xy12z", "kimben_222", "lovelaceada_12345", "muñozcléo_777", "turingalan_5"]
    ada, ben = submissions["lovelaceada_12345"], submissions["kimben_222"]
    assert ada.sources == {"losses": b"# second upload\n", "backprop": b"# backprop\n"}
    assert (ada.student_id, ada.late, ben.student_id, ben.late) == ("12345", False, "222", True)
    assert submissions["anon_Xy12z"].sources == {"losses": b"# nobody\n"}
    assert submissions["turingalan_5"].sources == {"losses": b"# hw/losses.py\n"}
    assert "No module" in submissions["muñozcléo_777"].problem


@pytest.mark.parametrize("end", ["", "_"], ids=["folders", "folders of older versions"])
def test_a_download_from_moodle(tmp_path, end):
    ada, ben = f"Ada Lovelace_123_assignsubmission_file{end}", f"Ben Kim_124_assignsubmission_file{end}"
    path = zipped(tmp_path / "course.zip", f"{ada}/losses.py", f"{ben}/week 1/losses.py")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("Ben Kim_124_assignsubmission_onlinetext/onlinetext.html", "")
    assert {name: list(one.sources) for name, one in read(path).items()} == {
        "Ada Lovelace_123": ["losses"],
        "Ben Kim_124": ["losses"],
    }
    zipfile.ZipFile(path).extractall(tmp_path / "extracted" / "course")
    for folder in (tmp_path / "extracted", tmp_path / "extracted" / "course"):
        assert [one.student_id for one in read(folder).values()] == ["123", "124"]


def test_a_download_from_moodle_without_folders(tmp_path):
    name = "Default group_assignsubmission_file_losses.py"
    path = zipped(tmp_path / "course.zip", "Ada_Lovelace_123_assignsubmission_file_losses.py", name)
    assert {name: one.sources for name, one in read(path).items()} == {
        "Ada_Lovelace_123": {"losses": b"# Ada_Lovelace_123_assignsubmission_file_losses.py\n"},
        "Default group": {"losses": f"# {name}\n".encode()},
    }


METADATA = """---
submission_11:
  :submitters:
  - :name: Ada Lovelace
    :sid: '3034'
    :email: ada@example.com
  :created_at: 2023-09-21 10:00:00.123456789 Z
  :score: !ruby/object:BigDecimal 18:0.5e1
  :results: {}
submission_12:
  :submitters:
  - :name: Ben Kim
    :sid: '1'
  - :name: Cleo
    :sid:
"""


@pytest.mark.parametrize("form", ["zip", "folder"])
def test_an_export_from_gradescope(tmp_path, form):
    top = "assignment_9_export/"
    names = [f"{top}submission_{number}/losses.py" for number in (11, 12, 13)]
    path = zipped(tmp_path / "export.zip", *names, **{top + "submission_metadata.yml": METADATA})
    if form == "folder":
        zipfile.ZipFile(path).extractall(tmp_path / "extracted")
        path = tmp_path / "extracted"
    submissions = read(path)
    assert list(submissions) == ["Ada Lovelace_3034", "Ben Kim, Cleo_12", "submission_13"]
    ada, *others = submissions.values()
    assert ada.handed_in == datetime(2023, 9, 21, 10, 0, 0, 123456, tzinfo=UTC)
    assert [each.handed_in for each in others] == [None, None]
    assert replace(ada, handed_in=None).hash != ada.hash  # so it is graded anew, with the right time
    assert submissions["Ada Lovelace_3034"].sources == {"losses": f"# {names[0]}\n".encode()}


def test_metadata_that_cannot_be_read_is_one_clear_error(tmp_path):
    path = zipped(tmp_path / "export.zip", "submission_11/losses.py", **{"submission_metadata.yml": "a: [1"})
    with pytest.raises(SubmissionError, match="does not say who submitted what"):
        find_submissions(path, UNITS)


def test_what_nbgrader_collects(tmp_path):
    for student in ("ada", "ben"):
        write(tmp_path / "course" / "submitted" / student / "ps1", "losses.py", f"# {student}\n")
        write(tmp_path / "course" / "submitted" / student / "ps1", "timestamp.txt")
    write(tmp_path / "course" / "source" / "ps1", "losses.py")
    path = tmp_path / "submitted.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted((tmp_path / "course").rglob("*.*")):
            archive.write(file, file.relative_to(tmp_path / "course"))
    for place in (tmp_path / "course", tmp_path / "course" / "submitted", path):
        assert {name: one.sources["losses"] for name, one in read(place).items()} == {
            "ada": b"# ada\n",
            "ben": b"# ben\n",
        }


def test_a_zip_with_a_folder_or_a_zip_for_each_student(tmp_path):
    assert list(read(zipped(tmp_path / "a.zip", "class/ada/losses.py", "class/ben/hw/losses.py"))) == ["ada", "ben"]
    inner = zipped(tmp_path / "inner.zip", "losses.py").read_bytes()
    submissions = read(zipped(tmp_path / "b.zip", **{"ada.zip": inner, "ben.zip": inner}))
    assert {name: list(one.sources) for name, one in submissions.items()} == {"ada": ["losses"], "ben": ["losses"]}
    assert found(zipped(tmp_path / "one.zip", "week1/losses.py", "week2/backprop.py")) == ["one"]


def test_nobody_hands_in_for_others(tmp_path):
    zipped(tmp_path / "eve.zip", **CANVAS)
    write(tmp_path / "ada")
    assert found(tmp_path) == ["ada", "eve"]


def test_the_hash_is_of_what_was_handed_in(tmp_path):
    ada, ben = write(tmp_path / "ada"), write(tmp_path / "ben" / "starter")
    hashes = [read_submission(path, UNITS).hash for path in (ada, ben, zipped(tmp_path / "cleo.zip", "losses.py"))]
    assert hashes[0] == hashes[1] != hashes[2]
    write(ada, text="x = 2\n")
    assert read_submission(ada, UNITS).hash != hashes[0]
    assert read_submission(write(tmp_path / "empty", "notes.txt"), UNITS).hash not in hashes


def test_clear_errors(tmp_path):
    with pytest.raises(SubmissionError, match="There is no"):
        find_submissions(tmp_path / "absent", UNITS)
    with pytest.raises(SubmissionError, match=r"losses\.py"):
        find_submissions(tmp_path, UNITS)


# What is not as asked for


def notebook(*cells):
    return json.dumps({"cells": [{"cell_type": "code", "source": cell} for cell in cells], "nbformat": 4})


def test_every_entry_of_a_class_folder_is_somebodys(tmp_path):
    write(tmp_path / "ada")
    write(tmp_path, "gustav.py", "def softmax(logits):\n    return logits\n")
    write(tmp_path, "kim.ipynb", notebook("def softmax(logits):\n    return logits"))
    for name in ("sven.tar.gz", "lee.7z", "notes.txt"):
        write(tmp_path, name, "x")
    there = read(tmp_path)
    assert list(there) == ["ada", "gustav", "kim", "lee", "notes.txt", "sven"]
    assert (
        there["sven"].problem
        == "sven.tar.gz is no submission: expected a folder, a .zip, or one of losses.py, backprop.py."
    )
    assert there["gustav"].notes == ("gustav.py was taken for losses.py.",)
    assert there["kim"].notes == ("softmax was taken from kim.ipynb.",)
    inside = zipped(tmp_path / "all.zip", "ada/losses.py", "ben/losses.py", "sven.tar.gz", "gustav.py")
    assert list(read(inside)) == ["ada", "ben", "gustav", "sven"]
    assert read(inside)["sven"].problem.endswith("It holds sven.tar.gz.")


def test_names_of_files_are_told_without_what_a_terminal_would_act_on(tmp_path):
    path = zipped(tmp_path / "ada.zip", **{"\x1b[31mred\n.py": "def softmax(): pass"})
    (note,) = read_submission(path, UNITS).notes
    assert note.isprintable() and note.endswith(".py was taken for losses.py.")


def test_one_student_in_two_forms_is_one_and_what_can_be_read_counts(tmp_path):
    write(tmp_path / "ada")
    zipped(tmp_path / "ada.zip", "losses.py")
    (tmp_path / "ben").mkdir()
    zipped(tmp_path / "ben.zip", "losses.py")
    there = read(tmp_path)
    assert list(there) == ["ada", "ben"]
    assert there["ada"].notes == ("ada was graded; ada.zip is there as well.",)
    assert there["ben"].notes == ("ben.zip was graded; ben is there as well.",)
    assert there["ben"].sources


def test_files_of_other_names_that_contradict_each_other_are_refused(tmp_path):
    write(tmp_path / "ada", "one.py", "def softmax(): pass")
    write(tmp_path / "ada", "two.py", "def softmax(): return 1")
    write(tmp_path / "ada", "notes.py", "x = 1")
    assert problem(tmp_path / "ada") == (
        "losses.py is there under other names (one.py, two.py): call the right one losses.py."
    )


def test_a_notebook_is_taken_apart_and_nothing_that_only_tries_things_out_comes_along(tmp_path):
    cells = (
        "%matplotlib inline\nimport torch\nimport matplotlib.pyplot as plt\nfrom losses import softmax as given",
        "EPS = 1e-9\nx = torch.randn(3)\nplt.plot(x)",
        "# mine\ndef helper(z):\n    return z + EPS\n\ndef softmax(logits):\n    return torch.exp(helper(logits))",
        "print(softmax(x))",
        "def broken(:",
        "def softmax(logits):  # better\n    return torch.exp(logits)",
    )
    source = read_submission(write(tmp_path / "ada", "work.ipynb", notebook(*cells)), UNITS).sources["losses"].decode()
    assert "plt" not in source and "randn" not in source and "given" not in source and "broken" not in source
    names = {}
    exec(source, names)
    assert names["softmax"](names["torch"].zeros(1)) == 1
    stub = "def softmax(logits):\n    raise NotImplementedError\n\n\ndef cross_entropy(a, b):\n    return 0\n"
    write(tmp_path / "ada", "losses.py", stub)
    both = notebook("def softmax(logits):\n    return 1", "def cross_entropy(a, b):\n    return 'not this one'")
    write(tmp_path / "ada", "work.ipynb", both)
    submission = read_submission(tmp_path / "ada", UNITS)
    exec(submission.sources["losses"], names)
    assert (names["softmax"](0), names["cross_entropy"](0, 0)) == (1, 0)
    assert submission.notes == ("softmax was taken from work.ipynb.",)


@pytest.mark.parametrize("content", [b"", b"[]", b'{"cells": 3}', b"[" * 100_000, b"\xff\xfe"])
def test_a_notebook_that_is_none_is_told(tmp_path, content):
    write(tmp_path / "ada", "work.ipynb", content)
    submission = read_submission(tmp_path / "ada", UNITS)
    assert submission.problem.endswith("It holds work.ipynb.")
    assert submission.notes[0].startswith("work.ipynb was not read: ")
