"""`backpass tune`: a sweep over the settings of the course's trainer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from backpass.course.manifest import Course, CourseError
from backpass.terminal import advance_to, console, cores, course_here, progress_bar, stop
from backpass.worker.threads import one_thread_a_process

if TYPE_CHECKING:
    from backpass.tuning.own import OwnTrainer
    from backpass.tuning.sweep import Row
    from backpass.tuning.trainer import Config

_SHOWN = 12  # rows of the table on the screen


def tune(
    settings: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="NAME=VALUES...",
            help="A value (hidden=128), several (dropout=0,0.2) or a range to draw from (max_lr=1e-4..1).",
        ),
    ] = None,
    draws: Annotated[int, typer.Option(min=1, help="Values that are drawn from a range.")] = 12,
    seeds: Annotated[int, typer.Option(min=1, max=50, help="Runs of each setting.")] = 3,
    budget: Annotated[
        int | None, typer.Option(min=1, help="Epochs that all runs of the folder together may cost.")
    ] = None,
    out: Annotated[
        Path, typer.Option(help="Folder for runs.jsonl and sweep.png; what is there is not run again.")
    ] = Path("sweep"),
    draw_seed: Annotated[int, typer.Option(help="Another number draws other values.")] = 0,
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes; as many as cores by default.")] = None,
    courses: Annotated[
        bool, typer.Option("--course", help="Run the course's trainer, even where your own train_mlp passes.")
    ] = False,
) -> None:
    """Train with many settings, and draw what comes out: accuracy against rate with its spread over seeds, and curves.

    Your own train_mlp is run where it passes its checks and takes the settings; else the course's trainer.
    """
    one_thread_a_process()
    from backpass.tuning.sweep import Sweep, parsed
    from backpass.tuning.trainer import ConfigError

    course = course_here()
    data = course.root / "exercises" / "training" / "digits.csv.gz"
    if not data.is_file():
        raise stop(f"There are no digits to train on: {data} is missing.")
    try:
        configs, varied = parsed(settings or ["max_lr=1e-4..1"], draws, draw_seed)
        for config in configs:
            config.steps(1437)
        own = None if courses else _own_trainer(course, configs)
        sweep = Sweep(out, data, own=own)
    except ConfigError as error:
        raise stop(error) from None
    wanted = sweep.missing(configs, range(seeds))
    cost = sum(config.epochs * len(left) for config, left in wanted.items())
    if budget is not None and sweep.epochs + cost > budget:
        raise stop(
            f"These runs cost {cost} epochs, {sweep.epochs} are spent, and the budget is {budget}. Nothing was "
            "run: take fewer settings, fewer seeds or fewer epochs."
        )
    before, total = len(sweep.runs), sum(map(len, wanted.values()))
    try:
        with progress_bar() as progress:
            task = progress.add_task("training", total=total)
            sweep.run(
                wanted,
                jobs or cores(),
                lambda done: advance_to(progress, task, done - before, total, f"{sweep.epochs} epochs"),
            )
    except ConfigError as error:
        raise stop(error) from None
    except KeyboardInterrupt:
        raise stop(f"Stopped. {len(sweep.runs)} runs are in {out}: the same command goes on from there.") from None
    rows = sweep.rows(configs, range(seeds))
    console.print(_table(rows, varied))
    console.print(
        f"{total} runs, {cost} epochs; spent in {out} so far: {len(sweep.runs)} runs, {sweep.epochs} epochs.",
        highlight=False,
    )
    failed = [run for run in sweep.runs.values() if run.raised and run.config in configs and run.seed < seeds]
    if failed:
        console.print(
            f"Counted as 0 %: {len(failed)} runs that raise {failed[0].raised}", highlight=False, markup=False
        )
    try:
        from backpass.tuning.picture import draw

        draw(rows, varied, out / "sweep.png")
    except ModuleNotFoundError as error:
        if error.name != "matplotlib":
            raise
        raise stop("Pictures need matplotlib: pip install -e '.[pictures]'") from None
    console.print(f"Accuracy with its spread, and curves: {out / 'sweep.png'}", highlight=False)
    best = rows[0].config
    edges = [name for name in varied if _at_an_edge(getattr(best, name), [getattr(row.config, name) for row in rows])]
    if edges:
        console.print(f"The best is at the edge of {', '.join(edges)}. Next: a wider range.", highlight=False)


def _own_trainer(course: Course, configs: list[Config]) -> OwnTrainer | None:
    """The student's trainer, where it is fit for these settings; which of the two runs is said."""
    from backpass.student.intake import SubmissionError
    from backpass.tuning.own import OwnTrainer
    from backpass.worker.warm import ZygoteFailed

    try:
        own = OwnTrainer(course)
        with console.status("Checking your train_mlp ..."):
            why_not = own.why_not(configs)
    except (SubmissionError, ZygoteFailed, CourseError) as error:
        why_not = str(error)
    text = f"The course's trainer runs: {why_not}." if why_not else "Your own train_mlp runs."
    console.print(text, highlight=False, markup=False)
    return None if why_not else own


def _at_an_edge(value: object, tried: list[object]) -> bool:
    numbers = [each for each in tried if isinstance(each, int | float) and not isinstance(each, bool)]
    return len(set(numbers)) > 3 and value in (min(numbers), max(numbers))


def _table(rows: list[Row], varied: list[str]) -> Table:
    from backpass.tuning.sweep import shown

    table = Table("", *varied, "accuracy", "worst", "best seed", title="Validation accuracy, %", title_justify="left")
    for place, row in enumerate(rows[:_SHOWN], 1):
        values = [shown(getattr(row.config, name)) for name in varied]
        numbers = [f"{100 * each:.2f}" for each in (row.mean, min(row.accuracies), max(row.accuracies))]
        table.add_row(str(place), *values, *numbers)
    if len(rows) > _SHOWN:
        table.add_row("", *["..."] * len(varied), "...", "", "")
    return table
