"""What one submission by itself costs, as on Gradescope or a CI server: CPU beside that of `import torch`, in one run.

    python benchmarks/one.py

The course's solutions are handed in, one unit (losses) and all of them. Cold: with no frozen cases on this machine, as
on the first day. Warm: with those that the cold run has left.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from cost import ENVIRONMENT, ROOT, Cost, cost

UNIT = "losses"


def graded(submission: Path, out: Path) -> Cost:
    """What `backpass grade` takes for one submission that passes."""
    shutil.rmtree(out, ignore_errors=True)
    spent = cost([sys.executable, "-m", "backpass", "grade", submission, "--out", out, "--jobs", "1"])
    if not (out / "results.jsonl").is_file():
        raise SystemExit(spent.output)
    return spent


def main() -> None:
    """Grade, and print the figures."""
    torch = cost([sys.executable, "-c", "import torch"])
    torch = cost([sys.executable, "-c", "import torch"])  # the first one has warmed the disk's cache
    print(f"{'import torch':<28}{torch.cpu:>8.2f} CPU s")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ENVIRONMENT["XDG_CACHE_HOME"] = str(folder / "cache")
        for label, pattern in ((f"one unit ({UNIT})", f"{UNIT}.py"), ("the course", "*.py")):
            submission = folder / label.partition(" ")[0] / "ada"
            submission.mkdir(parents=True)
            for module in (ROOT / "solutions").glob(pattern):
                shutil.copy(module, submission)
            shutil.rmtree(folder / "cache", ignore_errors=True)
            for temperature in ("cold", "warm"):
                spent = graded(submission, folder / "out")
                figures = f"{spent.cpu:>8.2f} CPU s, ratio{spent.cpu / torch.cpu:>6.1f}, {spent.memory:.0f} MiB"
                print(f"{label + ', ' + temperature:<28}{figures}")


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args()
    main()
