"""Whatever a stranger hands in is read or refused with the reason, in little time and memory."""

import io
import os
import stat
import struct
import zipfile

import pytest

from backpass.student import intake
from backpass.student.intake import MAX_ZIPS, Nested
from backpass.student.submission import MAX_SOURCE, read_submission
from tests.student.hand_ins import UNITS, problem, read, write, zipped


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
