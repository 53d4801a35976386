"""What looking into a program costs: the wrong answers of one unit, explained with it and without.

    python benchmarks/blame.py [UNIT] [--most N]

Each answer is graded twice, as the tables of the catalogue are built at the first meeting; of the second time the CPU
seconds of this process and of all that it started are compared. The ratio is that of a class in which everything is
wrong.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
from dataclasses import replace
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = "1"
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from backpass.course.manifest import Course  # noqa: E402
from backpass.explaining.grader import HiddenGrader  # noqa: E402
from backpass.worker.client import Worker, Zygote  # noqa: E402
from backpass.worker.inspector import Inspector  # noqa: E402


def cpu() -> float:
    """CPU seconds of this process and of those that it has waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def cost(grader: HiddenGrader, course: Course, answers: list[Path], *, looking: bool) -> tuple[float, int]:
    """CPU seconds for all answers, and how many of them were told a place."""
    start, places = cpu(), 0
    with Zygote(course.limits) as zygote:  # it waits for its workers, and we for it: their time is counted
        for path in answers:
            exercise = course.exercises[path.parent.name]
            sources = {exercise.unit: path.read_bytes()}
            with Worker(zygote, sources) as worker, Inspector(zygote, sources) as inspector:
                result = grader.grade(exercise, worker.call, inspects=inspector if looking else None)
                places += result.line is not None
    return cpu() - start, places


def main(unit: str, most: int | None) -> None:
    """Grade, and print the figures."""
    course = Course.load(ROOT)
    course = replace(course, units=(course.unit(unit),))
    answers = sorted((ROOT / "tests" / "data" / "wrong_answers").glob(f"{unit}.*/*.py"))[:most]
    grader = HiddenGrader(course)
    grader.freeze({unit})
    cost(grader, course, answers, looking=True)
    without, _ = cost(grader, course, answers, looking=False)
    with_it, places = cost(grader, course, answers, looking=True)
    print(f"{len(answers)} wrong answers of {unit}, {places} of them told a place")
    print(f"without looking  {1000 * without / len(answers):6.0f} ms of CPU each")
    print(f"looking          {1000 * with_it / len(answers):6.0f} ms of CPU each, ratio {with_it / without:.2f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("unit", nargs="?", default="optimizers", choices=Course.load(ROOT).unit_names)
    parser.add_argument("--most", type=int, help="wrong answers; all that are in tests/data by default")
    options = parser.parse_args()
    main(options.unit, options.most)
