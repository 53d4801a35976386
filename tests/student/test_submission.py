"""What arrives is found and read, or refused with the reason; nothing that a stranger hands in raises."""

import io
import json
import os
import stat
import struct
import zipfile
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from backpass.student import intake
from backpass.student.hand_ins import HandIn, find_submissions
from backpass.student.intake import MAX_ZIPS, Nested, SubmissionError
from backpass.student.submission import MAX_SOURCE, read_submission

UNITS = {"losses": ("softmax", "cross_entropy"), "backprop": ("linear_backward",)}


def write(folder, name="losses.py", text="x = 1\n"):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def zipped(path, *names, **contents):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, f"# {name}\n")
        for name, content in contents.items():
            archive.writestr(name, content)
    return path


def found(path):
    return [hand_in.name for hand_in in find_submissions(path, UNITS)]


def read(path):
    """The submissions at a path by name: what a run does, for a class of any form."""
    return {hand_in.name: read_submission(hand_in, UNITS) for hand_in in find_submissions(path, UNITS)}


def problem(path):
    submission = read_submission(path, UNITS)
    assert submission.sources == {}
    return submission.problem


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


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("x = 'é'\n".encode("utf-8-sig"), "x = 'é'\n".encode("utf-8-sig")),
        ("x = 'é'\r\n".encode("utf-16"), "x = 'é'\r\n".encode()),
        ("x = 'é'\n".encode("utf-32"), "x = 'é'\n".encode()),
        ("x = 'é'\n".encode("latin-1"), "x = 'é'\n".encode()),
        ("# coding: utf-8\nx = 'é'\n".encode("latin-1"), "# coding: utf-8\nx = 'é'\n".encode()),
        ("# coding: latin-1\nx = 'é'\n".encode("latin-1"), "# coding: latin-1\nx = 'é'\n".encode("latin-1")),
    ],
    ids=["BOM", "UTF-16", "UTF-32", "Latin-1", "Latin-1 that claims UTF-8", "declared"],
)
def test_encodings(tmp_path, content, expected):
    source = read_submission(write(tmp_path / "ada", text=content), UNITS).sources["losses"]
    assert source == expected
    compiled = {}
    exec(compile(source, "losses.py", "exec"), compiled)
    assert compiled["x"] == "é"


@pytest.mark.parametrize("content", [b"x = 1\0\n", "x = 1\n".encode("utf-16")[:-1], "x = 1\n".encode("utf-16-le")])
def test_what_is_no_text_is_refused(tmp_path, content):
    assert "losses.py" in problem(write(tmp_path / "ada", text=content))


def test_what_cannot_be_read_is_said(tmp_path):
    (tmp_path / "broken.zip").write_bytes(b"no zip")
    assert "broken.zip" in problem(tmp_path / "broken.zip")
    write(tmp_path / "big", text="#" * (MAX_SOURCE + 1))
    assert "losses.py has 1,048,577 bytes" in problem(tmp_path / "big")
    zipped(tmp_path / "cut.zip", "losses.py")
    (tmp_path / "cut.zip").write_bytes((tmp_path / "cut.zip").read_bytes()[:-30])
    assert "cut.zip" in problem(tmp_path / "cut.zip")


def test_one_bad_module_does_not_cost_the_others(tmp_path):
    write(write(tmp_path / "ada", text="#" * (MAX_SOURCE + 1)), "backprop.py")
    submission = read_submission(tmp_path / "ada", UNITS)
    assert list(submission.sources) == ["backprop"]
    assert list(submission.refused) == ["losses"]


def test_links_are_not_followed(tmp_path):
    target = write(tmp_path / "secret")
    (tmp_path / "eve").mkdir()
    (tmp_path / "eve" / "losses.py").symlink_to(target / "losses.py")
    assert "is a link" in problem(tmp_path / "eve")
    write(tmp_path / "class" / "ada")
    (tmp_path / "class" / "mallory").symlink_to(target)
    assert "is a link" in read(tmp_path / "class")["mallory"].problem
    (tmp_path / "bob").mkdir()
    (tmp_path / "bob" / "starter").symlink_to(target)
    assert "No module" in problem(tmp_path / "bob")


def test_pipes_devices_and_folders_are_refused_without_waiting(tmp_path):
    (tmp_path / "pipe").mkdir()
    os.mkfifo(tmp_path / "pipe" / "losses.py")
    assert "is no regular file" in problem(tmp_path / "pipe")
    (tmp_path / "folder" / "losses.py").mkdir(parents=True)
    assert "is a folder" in problem(tmp_path / "folder")
    assert "is no submission" in problem(tmp_path / "pipe" / ".." / "pipe" / "notes.txt")


def test_a_file_that_becomes_a_pipe_after_it_was_listed_is_not_waited_for(tmp_path):
    write(tmp_path / "ada")
    (level,) = intake.folder_levels(tmp_path / "ada")
    (tmp_path / "ada" / "losses.py").unlink()
    os.mkfifo(tmp_path / "ada" / "losses.py")
    assert level[0].read(10) == b""


def test_a_file_that_may_not_be_read_is_refused(tmp_path, monkeypatch):
    write(tmp_path / "ada")

    def denied(path, flags):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(intake.os, "open", denied)  # root may read everything
    assert problem(tmp_path / "ada") == "losses.py cannot be read: Permission denied."


@pytest.mark.parametrize(
    ("name", "mode", "why"),
    [
        ("../losses.py", 0, "leads out of the zip"),
        ("/etc/losses.py", 0, "leads out of the zip"),
        ("..\\losses.py", 0, "leads out of the zip"),
        ("C:/losses.py", 0, "leads out of the zip"),
        ("losses.py", stat.S_IFLNK | 0o777, "is a link"),
        ("losses.py", stat.S_IFIFO | 0o666, "is no regular file"),
        ("losses.py/", 0, "is a folder"),
    ],
)
def test_tricks_with_entries_of_a_zip(tmp_path, name, mode, why):
    entry = zipfile.ZipInfo(name)
    entry.external_attr = mode << 16
    with zipfile.ZipFile(tmp_path / "eve.zip", "w") as archive:
        archive.writestr(entry, "/etc/passwd")
    assert why in problem(tmp_path / "eve.zip")


def test_encrypted_and_unusual_zips_are_refused(tmp_path):
    path = zipped(tmp_path / "eve.zip", "losses.py")
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\1\2") + 8] |= 1  # the flag of an encrypted entry
    path.write_bytes(content)
    assert "is encrypted" in problem(path)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("losses.py", "x = 1\n")
    assert "is compressed by method 14" in problem(path)


def bomb(size):
    """A zip in which 1,000 times as much is packed as it has bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("losses.py", "w") as file:
        for _ in range(size >> 20):
            file.write(b"#" * (1 << 20))
    return packed.getvalue()


@pytest.mark.parametrize("lies", [False, True], ids=["honest", "lying"])
def test_zip_bombs(tmp_path, lies):
    content = bytearray(bomb(64 << 20))
    if lies:  # the list of files says that it is small
        place = content.index(b"PK\1\2") + 24
        content[place : place + 4] = struct.pack("<I", 1000)
    (tmp_path / "eve.zip").write_bytes(content)
    assert "losses.py" in problem(tmp_path / "eve.zip")
    for name in ("inner.zip", "middle.zip", "outer.zip"):
        content = zipped(tmp_path / "nested.zip", **{name: bytes(content)}).read_bytes()
    assert problem(tmp_path / "nested.zip")
    assert "bytes; this zip and those behind it may have" in problem(
        zipped(tmp_path / "wide.zip", **{"inner.zip": b"\0" * (40 << 20)})
    )


def test_zips_in_zips_are_opened_as_long_as_they_are_few(tmp_path, monkeypatch):
    opened = []
    open_one = Nested.open
    monkeypatch.setattr(Nested, "open", lambda self, file: opened.append(file) or open_one(self, file))
    inner = zipped(tmp_path / "inner.zip", "notes.txt").read_bytes()
    middle = zipped(tmp_path / "middle.zip", **{f"{number}.zip": inner for number in range(12)}).read_bytes()
    outer = zipped(tmp_path / "outer.zip", **{f"{number}.zip": middle for number in range(12)})
    assert problem(outer)
    assert len(opened) == MAX_ZIPS


def test_a_zip_in_a_zip_is_opened(tmp_path):
    inner = zipped(tmp_path / "inner.zip", "losses.py").read_bytes()
    path = zipped(tmp_path / "ada.zip", **{"hw/inner.zip": inner, "notes.txt": ""})
    assert list(read_submission(path, UNITS).sources) == ["losses"]


def test_a_submission_of_two_gigabytes(tmp_path):
    write(tmp_path / "ada")
    for name in ("data.bin", "backprop.py"):
        with (tmp_path / "ada" / name).open("wb") as file:
            file.truncate(2 << 30)
    submission = read_submission(tmp_path / "ada", UNITS)
    assert list(submission.sources) == ["losses"]
    assert "backprop.py has 2,147,483,648 bytes" in submission.refused["backprop"]
    (tmp_path / "ada" / "data.bin").rename(tmp_path / "ben.zip")
    assert "ben.zip is no zip" in problem(tmp_path / "ben.zip")


def test_too_many_files(tmp_path, monkeypatch):
    monkeypatch.setattr(intake, "MAX_FILES", 100)
    names = [f"venv/{number}" for number in range(101)]
    assert list(read_submission(zipped(tmp_path / "ada.zip", "losses.py", *names), UNITS).sources) == ["losses"]
    assert "more than 100 files" in problem(zipped(tmp_path / "ben.zip", "venv/losses.py", *names))
    (tmp_path / "cleo" / "venv").mkdir(parents=True)
    for name in names:
        (tmp_path / "cleo" / name).touch()
    assert "more than 100 files" in problem(tmp_path / "cleo")
    write(tmp_path / "cleo")
    assert list(read_submission(tmp_path / "cleo", UNITS).sources) == ["losses"]


def test_a_list_of_files_that_would_fill_the_memory_is_not_read(tmp_path):
    path = zipped(tmp_path / "ada.zip", "losses.py")
    content = bytearray(path.read_bytes())
    end = content.rindex(b"PK\5\6")
    entry = bytes(content[content.index(b"PK\1\2") : end])
    entries = entry * (intake.MAX_LISTING // len(entry) + 1)
    struct.pack_into("<II", content, end + 12, len(entries), end - len(entry))
    path.write_bytes(content[: end - len(entry)] + entries + content[end:])
    assert "bytes of file names" in problem(path)


def test_names_that_are_not_utf8(tmp_path):
    write(tmp_path / os.fsdecode(b"ad\xe9"))
    write(tmp_path / "new\nline")
    assert list(read(tmp_path)) == ["ad\\xe9", "new\\nline"]
    path = zipped(tmp_path / "class.zip", "XXXXX_1_2_losses.py", "YYYYY_3_4_losses.py")
    content = path.read_bytes().replace(b"XXXXX", b"jos\xc3\xa9").replace(b"YYYYY", b"jos\xe9e")
    path.write_bytes(content)  # UTF-8 without the flag that says so, as some vendors write it, and what is none
    submissions = read(path)
    assert list(submissions) == ["josé_1", "josΘe_3"]
    assert all(one.sources for one in submissions.values())


def test_deep_folders_end(tmp_path):
    deep = tmp_path / "ada"
    for _ in range(intake.MAX_DEPTH):
        deep = deep / "a"
    write(deep)
    assert "No module" in problem(tmp_path / "ada")


def test_whatever_reading_raises_is_told(tmp_path, monkeypatch):
    def fail(folder):
        raise RecursionError("of a kind that nobody foresaw")

    monkeypatch.setattr("backpass.student.hand_ins.folder_levels", fail)
    assert "of a kind that nobody foresaw" in problem(write(tmp_path / "ada"))


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
