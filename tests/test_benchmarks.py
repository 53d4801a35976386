"""Each benchmark runs from a clean clone, with its smallest size: what it measures is not looked at."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SMALLEST = {
    "autograde.py": ["--submissions", "1", "--rows", "stock, quiz"],
    "blame.py": ["schedules", "--most", "1"],
    "growth.py": ["--sizes", "1", "--jobs", "1"],
    "one.py": ["schedules"],
    "throughput.py": [
        "--submissions",
        "1",
        "--copies",
        "0",
        "--jobs",
        "1",
        "--no-endless",
        "--tools",
        "backpass grade",
    ],
    "watch.py": ["--saves", "1"],
}
MODULES = {"cost.py", "generated_class.py", "tools.py"}


def test_none_is_left_out():
    assert {path.name for path in (ROOT / "benchmarks").glob("*.py")} == {*SMALLEST, *MODULES}


@pytest.mark.parametrize("script", SMALLEST)
def test_it_runs(script, tmp_path):
    if script == "autograde.py":
        pytest.importorskip("nbgrader", reason="nbgrader is not installed here")
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [sys.executable, str(ROOT / "benchmarks" / script), *SMALLEST[script]]
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
