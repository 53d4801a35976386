"""Prints the catalogue of attacks: what stopped each, its mark, and what it gets with one layer switched off.

    python tests/worker/attack_table.py [WORD...]

With words, only attacks whose path contains one of them; `kernels` alone displays what old kernels are told, which
comes below the table otherwise. An attack "succeeded" if it left its file or a process
behind, or got points that it does not deserve. Bubblewrap, which few machines have, hides what the other layers do,
so it is off too where one of them is. A dash: unsafe to try without that layer.
"""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"  # before torch is loaded: workers are forked
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import psutil  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: E402
from rich.table import Table  # noqa: E402

from backpass.course.manifest import Course  # noqa: E402
from backpass.explaining.grader import HiddenGrader  # noqa: E402
from backpass.worker.client import Zygote  # noqa: E402
from backpass.worker.confinement import LAYERS, NAMESPACES, SECCOMP  # noqa: E402
from backpass.worker.sandbox import incomplete, open_doors  # noqa: E402
from backpass.worker.warm import ALL_LAYERS  # noqa: E402
from tests.worker import attack_catalogue as catalogue  # noqa: E402

UNSAFE, STOPPED, SUCCEEDED = "-", "stopped", "[red]succeeded[/]"
SETTINGS = {
    "all layers": ALL_LAYERS,
    "no bubblewrap": LAYERS,
    **{f"nor {layer}": tuple(other for other in LAYERS if other != layer) for layer in LAYERS},
    "process only": (),
}
# By the version of Landlock that they have.
KERNELS = {
    0: "Linux before 5.13",
    1: "Linux 5.13 (Ubuntu 22.04 has 5.15)",
    2: "Linux 5.19 (Debian 12 has 6.1)",
    3: "Linux 6.2",
    4: "Linux 6.7 (Ubuntu 24.04 has 6.8)",
    99: "this one",
}


def main(words: list[str]) -> None:
    console = Console(width=None if sys.stdout.isatty() else 170)  # in a file there is room
    if words != ["kernels"]:
        table_of_attacks(words, console)
    if not words or words == ["kernels"]:
        what_old_kernels_are_told(console)


def what_old_kernels_are_told(console: Console) -> None:
    """Imitate kernels by the version of Landlock that they have, with all layers and with one of them missing."""
    course = Course.load(catalogue.ROOT)
    for version, system in KERNELS.items():
        for missing in (None, NAMESPACES, SECCOMP):
            layers = tuple(layer for layer in LAYERS if layer != missing)
            zygote = Zygote(catalogue.LIMITS, layers)
            zygote.newest_landlock = version
            with zygote:
                doors = open_doors(zygote, course)
                told = incomplete(doors, zygote.active_layers) if doors else "isolation: sandbox"
            console.print(f"[bold]{system}[/]{f', without {missing}' if missing else ''}: {told}")


def table_of_attacks(words: list[str], console: Console) -> None:
    """Try every attack with every setting."""
    catalogue.adopt_orphans()
    attacks = [
        attack for attack in catalogue.catalogue() if not words or any(word in str(attack.path) for word in words)
    ]
    grader = HiddenGrader(Course.load(catalogue.ROOT), shrink=False)
    outcomes: dict[tuple[str, str], str] = {}
    marks: dict[str, str] = {}
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with tempfile.TemporaryDirectory() as folder, Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=len(SETTINGS) * len(attacks))
        for setting, layers in SETTINGS.items():
            with Zygote(catalogue.LIMITS, layers) as zygote:
                for attack in attacks:
                    progress.update(task, description=f"{setting}: {attack.name}"[:44].ljust(44))
                    if set(attack.never_without) - set(layers):
                        outcomes[attack.name, setting] = UNSAFE
                    else:
                        place = Path(folder) / setting / attack.family
                        place.mkdir(parents=True, exist_ok=True)
                        outcomes[attack.name, setting], mark = outcome(attack, grader, zygote, place)
                        marks.setdefault(attack.name, mark)
                    progress.advance(task)
    table = Table("attack", "stopped by", "mark", *list(SETTINGS)[1:])
    family = ""
    for attack in attacks:
        if attack.family != family:
            family = attack.family
            table.add_section()
            table.add_row(f"[bold]{family}[/]")
        cells = [outcomes[attack.name, setting] for setting in SETTINGS]
        stopped_by = attack.stopped_by if cells[0] == STOPPED else SUCCEEDED
        table.add_row(attack.name, stopped_by, marks[attack.name], *cells[1:])
    console.print(table)
    for setting in SETTINGS:
        count = sum(outcomes[attack.name, setting] == SUCCEEDED for attack in attacks)
        console.print(f"{setting}: {count} of {len(attacks)} succeeded")


def outcome(attack: catalogue.Attack, grader: HiddenGrader, zygote: Zygote, folder: Path) -> tuple[str, str]:
    """Whether an attack got through, and its mark; what it has left is removed."""
    files, processes = catalogue.marks(), catalogue.processes()
    result, _ = catalogue.grade(attack, grader, zygote, folder)
    undeserved = any(result.exercises[name].points > points for name, (_, points) in attack.expect.items())
    left_files, left_processes = catalogue.marks() - files, catalogue.processes() - processes
    for path in left_files:
        path.unlink()
    for process in left_processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(left_processes, timeout=5)
    got = [result.exercises[name] for name in attack.expect]
    mark = ", ".join(f"{each.status} {each.points:g}" for each in got)
    return (SUCCEEDED if undeserved or left_files or left_processes else STOPPED), mark


if __name__ == "__main__":
    main(sys.argv[1:])
