"""What the students of a class hand in with nbgrader: right, wrong, empty, damaged and hostile notebooks."""

import copy
import shutil

import nbformat

from tests.notebooks.nbgrader_term import ROOT, UNIT

WRONG = """
def cross_entropy(logits, labels):
    z = logits - logits.max(dim=1, keepdim=True).values
    return (torch.logsumexp(z, dim=1) - z[torch.arange(len(z)), labels]).sum()
"""
HOSTILE = """
import os, pathlib
GRADEBOOK = {gradebook!r}
try:
    import sqlite3
    sqlite3.connect(GRADEBOOK).execute("update grade set auto_score = 1000")
    open({trace!r}, "w")
except BaseException as error:
    pass
def softmax(logits):
    return open(GRADEBOOK, "rb").read()
"""
TAKES_OVER = """
import builtins, IPython, pathlib
pathlib.Path({trace!r}).touch()
get_ipython().input_transformers_post.append(lambda lines: ["1.0"])
"""
SCRIPT = """My view. <script>document.title = "taken over"</script>
<img src=x onerror="document.title = 'taken over'"> [here](javascript:document.title='taken')"""


def edit(path, change):
    """Apply `change` to the cells of a notebook, by nbgrader's id; a cell without one has its own."""
    notebook = nbformat.read(path, as_version=4)
    cells = {cell.metadata.get("nbgrader", {}).get("grade_id", cell.id): cell for cell in notebook.cells}
    change(notebook, cells)
    nbformat.write(notebook, path)


def copied(cell):
    """A copy of a cell as JupyterLab makes it: with an id of its own."""
    return nbformat.from_dict(copy.deepcopy(cell) | {"id": f"{cell.id[:50]}-copy"})


def answer_quiz(path, answers):
    def change(_, cells):
        for number, (name, value) in enumerate(answers.items(), 1):
            cells[name].source = f"q{number} = {value}"

    edit(path, change)


def write_lab(path, text):
    def change(_, cells):
        cells["write-up-text"].source = text

    edit(path, change)


def right(term, folder, answers):
    shutil.copy(ROOT / "solutions" / f"{UNIT}.py", folder)
    answer_quiz(folder / "quiz.ipynb", answers)
    write_lab(folder / "lab.ipynb", (ROOT / "tests" / "data" / "labs" / UNIT / "strong.md").read_text(encoding="utf-8"))


def wrong(term, folder, answers):
    source = (ROOT / "solutions" / f"{UNIT}.py").read_text(encoding="utf-8")
    (folder / f"{UNIT}.py").write_text(source + WRONG)
    one, number, *_ = answers
    answer_quiz(folder / "quiz.ipynb", answers | {one: "'b'", number: "100 / 1"})


def empty(term, folder, answers):
    pass


def in_the_notebook(term, folder, answers):
    """Leaves the module as it was, and writes the functions where the exercises are."""
    solution = (ROOT / "solutions" / f"{UNIT}.py").read_text(encoding="utf-8")

    def change(notebook, cells):
        notebook.cells.append(nbformat.v4.new_code_cell(solution))
        notebook.cells.append(nbformat.v4.new_code_cell("print(softmax(torch.zeros(2)))"))

    edit(folder / "code.ipynb", change)


def damaged(term, folder, answers):
    """Deleted and copied cells, edited metadata, a notebook that is none, and one that is missing."""
    right(term, folder, answers)
    first, second, *_ = answers

    def change(notebook, cells):
        cells[f"{first}-text"].source = "Which is right? Mine."
        cells[f"{second}-score"].metadata.nbgrader.points = 1000
        cells[f"{second}-score"].metadata.nbgrader.solution = True
        notebook.cells.remove(cells[f"{first}-score"])
        notebook.cells.remove(cells[first])
        notebook.cells.append(nbformat.v4.new_code_cell(f"q1 = {answers[first]}  # in a cell of my own"))
        notebook.cells.append(copied(cells[second]))
        notebook.metadata.kernelspec = {"name": "julia", "display_name": "Julia"}

    edit(folder / "quiz.ipynb", change)
    (folder / "lab.ipynb").write_text('{"cells": [')
    (folder / "code.ipynb").unlink()


def hostile(term, folder, answers):
    """Sets its own marks in every way that works with the stock pipeline, and some that do not."""
    trace = str(term.folder / "trace")
    gradebook = str(term.course / "gradebook.db")
    (folder / f"{UNIT}.py").write_text(HOSTILE.format(gradebook=gradebook, trace=trace))
    for name in ("sitecustomize.py", "torch.py", "nbgrader_config.py"):
        (folder / name).write_text(f"open({trace!r}, 'w')")

    def change(notebook, cells):
        first = next(iter(answers))
        cells[first].source = TAKES_OVER.format(trace=trace)
        for cell in cells.values():
            if cell.metadata.get("nbgrader", {}).get("grade"):
                cell.source = "1.0"
                cell.metadata.nbgrader.points = 1000
                cell.outputs = [nbformat.v4.new_output("execute_result", {"text/plain": "1000.0"}, execution_count=1)]
        more = copied(cells[f"{first}-score"])
        more.metadata.nbgrader.grade_id = "bonus"
        notebook.cells.append(more)
        notebook.metadata["title"] = notebook.metadata["widgets"] = "</script><script>1</script>"

    edit(folder / "quiz.ipynb", change)
    write_lab(folder / "lab.ipynb", SCRIPT)

    def own_marks(notebook, cells):
        cells["criterion-1"].source = "**20 points**"
        cells["computation-code"].source = TAKES_OVER.format(trace=trace)

    edit(folder / "lab.ipynb", own_marks)
