"""Results of a class that nobody graded, and the report of them."""

import json
from pathlib import Path

from typer.testing import CliRunner

from backpass.cli import app
from backpass.course.manifest import Course

ROOT = Path(__file__).resolve().parents[2]
COURSE = Course.load(ROOT)

EPS = (
    "`m` and `v` are right; `param` is not. eps is added under the square root: it belongs after it. Inside, its root "
    "counts, and that is far larger.\n\n    param = [0, 0, 0]   (3,) float32\n    you return  param = [0, 0, -0.055]"
)
BATCH = (
    "You subtract one maximum for the whole batch. Each row needs its own.\n\n    logits = [[800, 800], [-800, -800]]"
)
BROKEN = "backprop.py does not import: SyntaxError: '(' was never closed (line 35: return grad_out @ weight, ("
HOSTILE = "Your code raises ValueError in line 6: <script>document.title = 'taken'</script><img src=x onerror=alert(1)>"


def result(status, mistake=None, message="", points=0):
    return {"status": status, "points": points, "max_points": 10, "mistake": mistake, "message": message}


def explained(degree, mistake, message, **place):
    return {**result("failed", mistake, message), "degree": degree, **place}


PASSED = result("passed", points=10)
ADAM, SOFTMAX = result("failed", "eps_inside_the_root", EPS), result("failed", "maximum_of_the_whole_batch", BATCH)


def record(name, results=None, **more):
    """A line of results.jsonl: `results` by exercise or unit; what is not there is not started."""
    todo = result("todo", None, "Not started yet.")
    found = {id: (results or {}).get(id) or (results or {}).get(id.split(".")[0]) or todo for id in COURSE.exercises}
    return {"submission": name, "isolation": "sandbox", "layers": [], "exercises": found, **more}


def write(folder, records):
    folder.mkdir(exist_ok=True)
    lines = "".join(json.dumps(each) + "\n" for each in records)
    (folder / "results.jsonl").write_text(lines, encoding="utf-8")
    return folder


def report(*arguments):
    return CliRunner().invoke(app, ["report", *map(str, arguments)])


def pages(folder):
    return {path.relative_to(folder): path.read_text(encoding="utf-8") for path in (folder / "report").rglob("*.html")}
