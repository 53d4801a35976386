"""What one submission by itself costs, as on Gradescope or a CI server: CPU beside that of `import torch`, in one run.

    python benchmarks/one.py [UNIT ...]

The course's solutions are handed in, each unit that is given and then all; one unit (losses) and all of them where none
is given. Cold: with no frozen cases on this machine, as on the first day. Warm: with those that the cold run has left.
Wrong: warm, and every answer of the unit is off by numbers that no catalogue foresees.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from cost import ENVIRONMENT, ROOT, Cost, cost
from generated_class import unforeseen

from backpass.course.manifest import Course

UNIT = "losses"
COURSE = Course.load(ROOT)


def graded(submission: Path, out: Path) -> Cost:
    """What `backpass grade` takes for one submission that passes."""
    shutil.rmtree(out, ignore_errors=True)
    spent = cost([sys.executable, "-m", "backpass", "grade", submission, "--out", out, "--jobs", "1"])
    if not (out / "results.jsonl").is_file():
        raise SystemExit(spent.output)
    return spent


def main(units: list[str]) -> None:
    """Grade, and print the figures."""
    torch = cost([sys.executable, "-c", "import torch"])
    torch = cost([sys.executable, "-c", "import torch"])  # the first one has warmed the disk's cache
    print(f"{'import torch':<28}{torch.cpu:>8.2f} CPU s", flush=True)

    def tell(label: str, spent: Cost) -> None:
        figures = f"{spent.cpu:>8.2f} CPU s, ratio{spent.cpu / torch.cpu:>6.1f}, {spent.memory:.0f} MiB"
        print(f"{label:<28}{figures}", flush=True)

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ENVIRONMENT["XDG_CACHE_HOME"] = str(folder / "cache")
        for label, of in [
            *((unit, [unit]) for unit in units or [UNIT]),
            *([] if units else [("all", COURSE.unit_names)]),
        ]:
            submission = folder / label / "ada"
            submission.mkdir(parents=True)
            for unit in of:
                shutil.copy(ROOT / "solutions" / f"{unit}.py", submission)
            shutil.rmtree(folder / "cache", ignore_errors=True)
            for temperature in ("cold", "warm"):
                tell(f"{label}, {temperature}", graded(submission, folder / "out"))
            for unit in of:
                (submission / f"{unit}.py").write_text(unforeseen(unit, 1), encoding="utf-8")
            tell(f"{label}, wrong", graded(submission, folder / "out"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("units", nargs="*", metavar="UNIT", choices=[*COURSE.unit_names, []])
    main(parser.parse_args().units)
