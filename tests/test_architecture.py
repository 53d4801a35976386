"""The rooms of backpass/: who may import whom, and that the picture of it fits."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

grimp = pytest.importorskip("grimp", reason="import-linter is not installed here")


def lint(*options):
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_imports_keep_the_contract():
    ran = lint()
    assert ran.returncode == 0 and "0 broken" in ran.stdout, ran.stdout + ran.stderr


def test_a_broken_contract_is_found(tmp_path):
    """The contract with the two rooms exchanged does not hold: it is the code that keeps it, not the tool."""
    contract = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    exchanged = contract.replace('"judging",', '"@",').replace('"worker",', '"judging",').replace('"@",', '"worker",')
    (tmp_path / "pyproject.toml").write_text(exchanged)
    ran = lint("--config", str(tmp_path / "pyproject.toml"))
    assert ran.returncode == 1 and "backpass.worker is not allowed to import backpass.judging" not in ran.stdout
    assert "backpass.judging is not allowed to import backpass.worker" in ran.stdout


def test_the_picture_fits_the_code():
    from pictures import architecture

    drawn = (ROOT / "docs" / "architecture.svg").read_text(encoding="utf-8")
    assert architecture.description() in drawn, "run: python -m pictures.architecture"


def test_the_command_line_starts_without_torch():
    code = "import sys, backpass.cli; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
