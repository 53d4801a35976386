"""What runs in Gradescope's container: grades the one submission that is there, and writes `results.json`.

`python -m backpass.classroom.exports.autograder HOME`, where HOME has Gradescope's folders `source`, `submission` and
`results` (https://gradescope-autograders.readthedocs.io/en/latest/specs/#file-hierarchy): `/autograder` there.
"""

from __future__ import annotations

import json
import sys
import tempfile
import tomllib
import traceback
from pathlib import Path
from typing import Any

from backpass.classroom.exports.gradescope import Visibility, results_json, stopped
from backpass.worker import root

SETTINGS = "autograder.toml"
_TO_ACCEPT = (
    "To accept that, upload a package made with `backpass package gradescope DEST --isolation process`; or grade "
    "the submissions on a machine of your own, with `backpass grade`."
)
_NEVER = (
    "It could write its own results.json, so nothing is graded, whatever was accepted. A container in which the "
    "autograder runs as root, with a Python that every user can read, keeps submissions out of that folder."
)


def main(home: Path) -> None:
    """Write `home/results/results.json`, whatever happens; what only the instructor is to see is printed."""
    try:
        results = _graded(home)
    except Exception:
        results = stopped(traceback.format_exc())
    write(home, results)
    for name, value in results["extra_data"].items():
        print(f"{name}: {value}")


def write(home: Path, results: dict[str, Any]) -> None:
    """Put `results.json` in its place in one step: there is never half of one."""
    folder = home / "results"
    # Under a name that nobody knows before, in a file that nobody else has made.
    with tempfile.NamedTemporaryFile("w", dir=folder, suffix=".part", encoding="utf-8", delete=False) as draft:
        json.dump(results, draft, ensure_ascii=False, indent=1)
    Path(draft.name).chmod(0o644)
    Path(draft.name).replace(folder / "results.json")


def _graded(home: Path) -> dict[str, Any]:
    # Here, not above: what is broken in the installation is told, too.
    from backpass.classroom.pool import Pool
    from backpass.course.manifest import Course
    from backpass.student.hand_ins import HandIn
    from backpass.worker.sandbox import WRITES, incomplete

    settings = tomllib.loads((home / "source" / SETTINGS).read_text(encoding="utf-8"))
    course = Course.load(home / "source").only(settings.get("assignment"), settings["units"])
    with Pool(course, jobs=1) as pool:
        if not pool.is_sandboxed and settings["isolation"] != "process":
            return stopped(f"{incomplete(pool.doors, pool.layers, 'in this container')}\n{_TO_ACCEPT}")
        if WRITES in pool.doors:
            return stopped(f"{incomplete(pool.doors, pool.layers, 'in this container')}\n{_NEVER}")
        (result,) = pool.grade([HandIn("submission", home / "submission")])
    return results_json(result, course, Visibility(settings["visibility"]))


def in_this_home() -> None:
    """`main` for the command's argument."""
    main(Path(sys.argv[1]))


if __name__ == "__main__":
    root.begin_anew("backpass.classroom.exports.autograder:in_this_home", sys.argv)
    in_this_home()
