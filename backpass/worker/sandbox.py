"""How complete the sandbox is on this machine, and what is said where it is not."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from backpass.course.manifest import Course
from backpass.worker.confinement import LANDLOCK

if TYPE_CHECKING:
    from backpass.worker.client import Zygote

WRITES = "create files"  # one of the doors: what is written where the results are may pass for one


class Isolation(StrEnum):
    """How well a submission is confined: `sandbox` where the self-test finds the confinement complete."""

    sandbox = "sandbox"
    process = "process"


def open_doors(zygote: Zygote, course: Course) -> list[str]:
    """What the sandbox, tried out in a worker, does not stop: reading the course, writing, network, processes."""
    from backpass.worker.client import Worker  # with torch, which commands load after they have set its threads

    with tempfile.TemporaryDirectory() as folder, Worker(zygote, {}) as worker:
        secret = Path(folder) / "secret"
        secret.write_text("x")
        full = Path(folder) / "full"
        full.write_text("x")
        targets = {"readable": [str(secret), str(course.root / "course.toml")], "full": str(full), "folder": folder}
        found = worker.what_is_possible(targets | {"process": os.getpid()})
        if LANDLOCK not in zygote.active_layers:
            found.append("get at files that the kernel does not guard (that needs Landlock 3, which Linux 6.2 has)")
        return [words.replace(str(secret), "your files") for words in found]


def incomplete(doors: Sequence[str], layers: Sequence[str], where: str = "here") -> str:
    """What is to be known before anybody accepts an incomplete sandbox."""
    active = ", ".join(layers) or "none"
    return f"The sandbox is incomplete {where} (layers: {active}). A submission could: {'; '.join(doors)}."
