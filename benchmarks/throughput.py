"""How much cheaper is `backpass grade` than what else grades a class, and what does each of them find?

    python benchmarks/throughput.py [--submissions N] [--sample N] [--copies N] [--jobs N] [--seed N]
        [--no-endless] [--tools NAME ...]

First a generated class of one unit (right, wrong, broken and hostile submissions, see generated_class.py) is graded by
`backpass grade`, and the beginning of it, which has the same proportions, by one process of pytest a submission, by
stock nbgrader and by `otter run`. The functions are the same, the tests are not: the first two run the kit's hidden
checks (some 20 drawn cases each, extreme inputs, gradients, purity), and the first of them says which mistake it is;
nbgrader and otter-grader compare a few values, as tests do that are written by hand (see tools.py). So they do less
for their time. CPU seconds are those of all processes, with their start. Where a tool can, as many submissions are
graded at once as `--jobs` says; nbgrader grades one after the other.

What they find is counted on the submissions that all of them have graded. *Wrong accepted*: with all points. *Named*:
the wrong functions of which it says which mistake it is. These wrong answers are from the kit's own tests, so this is
not the share that a class of real students would see; the messages of pytest are the same, and not counted. *Right
refused*: without all points, most often because they call a wrong one. *Cheats accepted*: functions of hostile
submissions; some call torch.softmax, which only the kit's tests look for. All of them are harmless, as two of the four
tools have no sandbox. One that computes for hours is graded by itself: what it costs is a matter of deadlines, which
`otter run` has none of (the benchmark ends it).

Then copies of the example submissions, with all units, each with a comment of its own, are graded by `backpass grade`
and by one process of pytest each. The stages are shares of wall time where one process grades.

otter-grader needs an environment of its own that also has torch; its `bin` goes on the PATH. A tool that is not
installed is left out.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import tools
from cost import ROOT, Cost, cost
from generated_class import COURSE, KINDS, UNIT, Student, endless, generated_class


def one_unit(submissions: int, sample: int, jobs: int, seed: int, *, names: Sequence[str], with_endless: bool) -> None:
    """Grade a generated class of one unit by every tool that is here, and print what that took and what it found."""
    students = generated_class(submissions, seed)
    kinds = Counter(student.kind for student in students)
    content = ", ".join(f"{kinds[kind]} {kind}" for kind in dict.fromkeys(KINDS))
    print(f"A class of {len(students)} in {UNIT}: {content} (seed {seed}).\n", flush=True)
    outcomes: dict[str, tuple[list[Student], tools.Outcome]] = {}
    gives_up: dict[str, float] = {}
    print(f"{'':<28}{'submissions':>12}{'CPU s each':>12}{'wall s each':>12}{'CPU ratio':>11}{'wall ratio':>11}")
    for name in names:
        tool = tools.TOOLS[name]
        why = tools.missing(tool)
        if why is not None:
            print(f"{name:<28}left out: {why}", flush=True)
            continue
        given = students if tool is tools.backpass else students[:sample]
        with tempfile.TemporaryDirectory() as folder:
            outcomes[name] = given, tool(given, Path(folder, "class"), jobs)
            if not any(outcomes[name][1].accepted.values()):
                raise SystemExit(f"{name} accepts nothing. It says:\n{outcomes[name][1].cost.output}")
            if with_endless:
                gives_up[name] = tool([endless()], Path(folder, "endless"), jobs).cost.wall
        each, least = (
            (outcome.cost.cpu / len(graded), outcome.cost.wall / len(graded))
            for graded, outcome in (outcomes[name], next(iter(outcomes.values())))
        )
        ratios = "".join(f"{mine / its:>11.1f}" for mine, its in zip(each, least, strict=True))
        print(f"{name:<28}{len(given):>12}{each[0]:>12.2f}{each[1]:>12.2f}{ratios}", flush=True)
    columns = f"{'wrong accepted':>18}{'named':>7}{'right refused':>18}{'cheats accepted':>17}"
    print(f"\n{'':<28}{'submissions':>12}{columns}")
    for name, (given, outcome) in outcomes.items():
        for count in sorted({min(sample, len(given)), len(given)}):
            print(f"{name:<28}{count:>12}{findings(given[:count], outcome)}")
    if not with_endless:
        return
    print("\nSeconds until one that computes for hours is given up, with the start:")
    print(", ".join(f"{name} {seconds:.0f}" for name, seconds in gives_up.items()))


def findings(students: Sequence[Student], outcome: tools.Outcome) -> str:
    """What became of the functions of which it is known whether they are right."""

    def share(kinds: tuple[str, ...], right: bool) -> str:
        known = [
            (student, name)
            for student in students
            if student.kind in kinds
            for name in (student.right if right else student.wrong)
        ]
        misjudged = [each for each in known if (each[1] in outcome.accepted[each[0].name]) is not right]
        return f"{len(misjudged)} of {len(known)}"

    named = "-"
    if outcome.named is not None:
        found = outcome.named
        named = str(sum(len(each.wrong & found[each.name]) for each in students if each.kind == "wrong"))
    refused = share(("right", "wrong", "hostile"), True)
    return f"{share(('wrong',), False):>18}{named:>7}{refused:>18}{share(('hostile',), False):>17}"


def all_units(size: int, jobs: int) -> None:
    """Grade copies of the example submissions, and print what that takes and where the time goes."""
    examples = sorted(path for path in (ROOT / "examples").iterdir() if path.is_dir())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number in range(4 * size):
            original = examples[number % len(examples)]
            part = "class" if number < size else "rest"
            copy = shutil.copytree(original, folder / part / f"{original.name}-{number}")
            for module in copy.glob("*.py"):  # the same modules would be graded once
                module.write_text(f"{module.read_text(encoding='utf-8')}\n# {number}\n", encoding="utf-8")
        grade = [sys.executable, "-m", "backpass", "grade", "--jobs", str(jobs)]
        one = cost([*grade, folder / "class", "--out", folder / "one"])
        four = cost([*grade, folder / "class", folder / "rest", "--out", folder / "four"])
        shares = stages(sorted((folder / "class").iterdir()))
    alone = Cost()
    for example in examples:
        alone += cost([sys.executable, "-m", "pytest", "graders", "--submission", example])
    print(f"{'':<40} {'CPU s each':>10} {'submissions/s':>14} {'peak MiB':>10}")
    for label, count, spent in (
        (f"backpass grade --jobs {jobs}, {size} submissions", size, one),
        (f"backpass grade --jobs {jobs}, {4 * size} submissions", 4 * size, four),
        (f"one pytest process each, {len(examples)} submissions", len(examples), alone),
    ):
        print(f"{label:<40} {spent.cpu / count:10.3f} {count / spent.wall:14.2f} {spent.memory:10.0f}")
    print(f"\nCPU ratio   {alone.cpu / len(examples) / (four.cpu / (4 * size)):6.1f}")
    print(f"wall ratio  {alone.wall / len(examples) / (four.wall / (4 * size)):6.1f}")
    print(f"peak memory of 4 times the class, against the class: {four.memory / one.memory:.2f}\n")
    for stage, share in shares.items():
        print(f"{share:6.0%}  {stage}")


def stages(submissions: list[Path]) -> dict[str, float]:
    """Shares of the wall time that grading takes in this process, by stage."""
    from backpass.classroom.grade import grade_submission
    from backpass.explaining.diagnosis import Diagnosis
    from backpass.explaining.grader import HiddenGrader
    from backpass.student.submission import read_submission
    from backpass.worker.client import Worker, Zygote

    seconds: dict[str, float] = {}

    def timed(owner: Any, method: str, stage: str) -> None:
        original: Callable[..., Any] = getattr(owner, method)

        def wrapper(*args: Any, **kwargs: Any) -> Any:
            start, inner = time.perf_counter(), sum(seconds.values())
            try:
                return original(*args, **kwargs)
            finally:
                spent = time.perf_counter() - start - (sum(seconds.values()) - inner)
                seconds[stage] = seconds.get(stage, 0) + spent

        setattr(owner, method, wrapper)

    timed(Zygote, "_order", "forking workers")
    timed(Zygote, "reap", "ending workers")
    timed(Worker, "call", "waiting for answers")
    timed(Diagnosis, "explain", "finding the mistake")
    grader = HiddenGrader(COURSE)
    with Zygote(COURSE.limits) as zygote:
        seconds.clear()
        start = time.perf_counter()
        for path in submissions:
            grade_submission(grader, zygote, read_submission(path, COURSE.functions))
        total = time.perf_counter() - start
    seconds["drawing cases, comparing, the rest"] = total - sum(seconds.values())
    return {stage: spent / total for stage, spent in sorted(seconds.items(), key=lambda item: -item[1])}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--submissions", type=int, default=200, help="size of the generated class")
    parser.add_argument("--sample", type=int, default=20, help="how many of it the other tools get; a multiple of 10")
    parser.add_argument(
        "--copies", type=int, default=60, help="of the examples, with all units; then four times as many"
    )
    parser.add_argument("--no-endless", action="store_true", help="leave out the one that computes for hours")
    parser.add_argument("--tools", nargs="+", choices=tools.TOOLS, default=[*tools.TOOLS], help="all by default")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="grading processes")
    parser.add_argument("--seed", type=int, default=0, help="of the generated class")
    options = parser.parse_args()
    sample = min(options.sample, options.submissions)
    one_unit(
        options.submissions,
        sample,
        options.jobs,
        options.seed,
        names=options.tools,
        with_endless=not options.no_endless,
    )
    if options.copies:
        print("\nAll units, copies of the examples:\n", flush=True)
        all_units(options.copies, options.jobs)


if __name__ == "__main__":
    main()
