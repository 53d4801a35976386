"""What arrives is found and read, or refused with the reason."""

import zipfile

import pytest

from backpass.submission import MAX_SOURCE, SubmissionError, find_submissions, read_submission

UNITS = ("losses", "backprop")


def write(folder, name="losses.py", text="x = 1\n"):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)
    return folder


def zipped(path, *names):
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, f"# {name}\n")
    return path


def test_a_folder_with_a_module_is_one_submission(tmp_path):
    write(tmp_path / "ada")
    assert found(tmp_path / "ada") == ["ada"]
    assert find_submissions(write(tmp_path / "ben" / "starter").parent, UNITS) == [tmp_path / "ben"]


def test_a_folder_of_submissions(tmp_path):
    write(tmp_path / "ada")
    write(tmp_path / "ben" / "starter")
    zipped(tmp_path / "cleo.zip", "hw/losses.py")
    assert [path.name for path in find_submissions(tmp_path, UNITS)] == ["ada", "ben", "cleo.zip"]


@pytest.mark.parametrize("inside", ["losses.py", "starter/losses.py", "hw1/starter/losses.py"])
def test_zips_are_read_wherever_the_module_lies(tmp_path, inside):
    path = zipped(tmp_path / "ada.zip", inside, "__MACOSX/losses.py", "notes.txt")
    submission = read_submission(path, UNITS)
    assert (submission.name, submission.problem) == ("ada", None)
    assert submission.sources == {"losses": f"# {inside}\n".encode()}


def test_what_cannot_be_read_is_said(tmp_path):
    (tmp_path / "broken.zip").write_bytes(b"no zip")
    assert "broken.zip" in (read_submission(tmp_path / "broken.zip", UNITS).problem or "")
    write(tmp_path / "big", text="#" * (MAX_SOURCE + 1))
    assert "losses.py" in (read_submission(tmp_path / "big", UNITS).problem or "")


def test_links_are_not_followed(tmp_path):
    target = write(tmp_path / "secret")
    (tmp_path / "eve").mkdir()
    (tmp_path / "eve" / "losses.py").symlink_to(target / "losses.py")
    assert read_submission(tmp_path / "eve", UNITS).sources == {}


def test_clear_errors(tmp_path):
    with pytest.raises(SubmissionError, match="There is no"):
        find_submissions(tmp_path / "absent", UNITS)
    with pytest.raises(SubmissionError, match=r"losses\.py"):
        find_submissions(tmp_path, UNITS)
