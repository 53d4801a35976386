"""Commands as they are typed, each in a process of its own that has imported already what takes seconds."""

import multiprocessing
import os
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# As Python's -P -m runs a module. Of the kit nothing is imported yet: it is that of `package`.
PROGRAM = """
import os, runpy, sys
os.environ.clear()
os.environ |= environment
sink = os.open(said, os.O_WRONLY | os.O_APPEND)
for source, number in ((os.open(typed, os.O_RDONLY), 0), (sink, 1), (sink, 2)):
    os.dup2(source, number)
sys.stdin = open(0, closefd=False)
os.chdir(folder)
sys.path[:] = [package, *(path for path in sys.path if path and path != root and not path.startswith(root + "/tests"))]
module, *sys.argv[1:] = command
runpy.run_module(module, run_name="__main__", alter_sys=True)
"""
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["torch", "pytest", "typer", "pydantic", "rich.markdown", "nbgrader.apps.nbgraderapp"])


def run(*command, folder, package=ROOT, environment=os.environ, typed=""):
    """The exit status of `python -P -m` with a module and its arguments, and all that it says.

    `package`: the folder that the kit is imported from; `typed`: what is typed when it asks.
    """
    with tempfile.TemporaryDirectory() as own:
        asked, said = Path(own, "typed"), Path(own, "said")
        asked.write_text(typed)
        said.touch()
        names = {"command": list(map(str, command)), "folder": str(folder), "typed": str(asked), "said": str(said)}
        names |= {"package": str(package), "root": str(ROOT)}
        names["environment"] = {**environment, "PYTHONPATH": str(package)}
        process = FORKS.Process(target=exec, args=(PROGRAM, names))
        process.start()
        process.join()
        return process.exitcode, said.read_text()
