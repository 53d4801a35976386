"""An nbgrader course in a folder of its own, and the commands of the manual that run it."""

import os
import re
import shutil
import sys
from pathlib import Path

from nbgrader.api import Gradebook

from tests.typed import run as run_typed

ROOT = Path(__file__).resolve().parents[2]
MANUAL = (ROOT / "docs" / "instructors.md").read_text(encoding="utf-8")
UNIT = "losses"
ASSIGNMENT = "02-losses"


def commands(block):
    """The commands in one of the fenced blocks of the manual."""
    return re.findall(r"```\n(.*?)```", MANUAL, re.DOTALL)[block].splitlines()


class Term:
    """An nbgrader course and its exchange in a folder of their own."""

    def __init__(self, folder):
        self.folder, self.course, self.exchange = folder, folder / "term", folder / "exchange"
        self.exchange.mkdir()
        self.exchange.chmod(0o777)
        own = {"HOME": "home", "JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "data", "IPYTHONDIR": "ipython"}
        self.environment = os.environ | {name: str(folder / path) for name, path in own.items()}
        self.environment |= {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"}
        # As in an activated environment: nbgrader looks for alembic on the path.
        self.environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        (folder / "home").mkdir()

    def run(self, line, folder=None, fails=False):
        """A command as it is typed, in the course's folder by default; what it says."""
        status, said = run_typed(*line.split(), folder=folder or self.course, environment=self.environment)
        assert (status != 0) == fails, f"{line}\n{said}"
        return said

    def configure(self, folder):
        folder.mkdir(exist_ok=True)
        with (folder / "nbgrader_config.py").open("a") as file:
            file.write(f"\nc = get_config()\nc.Exchange.root = {str(self.exchange)!r}\n")

    def student(self, name):
        """The folder of a student who has fetched the assignment."""
        folder = self.folder / "students" / name
        shutil.copytree(self.folder / "students" / "fetched", folder)
        return folder

    def scores(self):
        """Points by student, notebook and cell."""
        found = {}
        with Gradebook(f"sqlite:///{self.course}/gradebook.db") as gradebook:
            for submission in gradebook.find_assignment(ASSIGNMENT).submissions:
                for notebook in submission.notebooks:
                    cells = {grade.name: grade.score for grade in notebook.grades}
                    found[submission.student.id, notebook.name] = cells
        return found

    def comment(self, student, notebook, cell):
        """What a marker has written to a cell."""
        with Gradebook(f"sqlite:///{self.course}/gradebook.db") as gradebook:
            return gradebook.find_comment(cell, notebook, ASSIGNMENT, student).comment

    def feedback(self, student, notebook):
        return (self.course / "feedback" / student / ASSIGNMENT / f"{notebook}.html").read_text(encoding="utf-8")
