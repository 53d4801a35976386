"""A student's page of a report: the message, the function with its place, and pictures of what it does."""

import re
from pathlib import Path

from backpass.classroom.report import pictures
from backpass.classroom.report.naming import Names
from tests.classroom.reports import EPS, SOFTMAX, explained, pages, record, report, write


def test_a_student_s_page_says_what_a_message_gives(page, a_class, tmp_path):
    write(tmp_path, [record("ada", {"optimizers.adam_step": explained("cause", "eps_inside_the_root", EPS)})])
    assert report(tmp_path).exit_code == 0
    page.goto((tmp_path / "report" / "students" / Names().file("ada")).as_uri())
    assert page.locator("article h3 .degree").all_inner_texts() == ["cause"]
    assert page.locator(".legend").inner_text() == "cause: a known mistake, and why it is one"


HELPED = """import torch

def helper(x):
    # <script>document.title = "taken"</script> thanks to Ben Babbage
    return x.clamp(min=0.5)

def relu(x):
    return helper(x)

def sigmoid(x):
    return x
"""
PLACE = {"line": 5, "column": 11, "end_line": 5, "end_column": 27, "expression": "x.clamp(min=0.5)"}


def test_a_student_s_page_has_the_function_with_its_place(zygote, monkeypatch, page, tmp_path):
    monkeypatch.setattr(pictures, "Zygote", lambda limits: zygote.split())
    monkeypatch.setattr(pictures.Pictures, "_pictures", lambda *_: {})
    for name, source in (("ada", HELPED), ("Ben Babbage", HELPED.replace("0.5", "0.25"))):
        (tmp_path / "handed in" / name).mkdir(parents=True)
        (tmp_path / "handed in" / name / "activations.py").write_text(source)
    found = {"activations.relu": explained("place", "wrong_result", "It goes wrong in line 5.", **PLACE)}
    also = {"activations.sigmoid": explained("symptom", "wrong_result", "It is wrong.")}
    write(tmp_path, [record("ada", found | also), record("Ben Babbage", found)])
    assert report(tmp_path).exit_code == 0
    assert not any('<pre class="source"' in text for text in pages(tmp_path).values())
    assert report(tmp_path, "--submissions", tmp_path / "handed in").exit_code == 0
    of_another_text = pages(tmp_path)[Path("report/students") / Names().file("Ben Babbage")]
    assert '<pre class="source"' not in of_another_text
    page.goto((tmp_path / "report" / "students" / Names().file("ada")).as_uri())
    assert page.title().startswith("ada: ")
    assert "def sigmoid" in page.locator("details[open] pre.source").inner_text()  # of which no place is known
    code = page.locator("figure pre.source")
    assert code.inner_text().splitlines() == [
        f"{number}  {line}" for number, line in enumerate(HELPED.splitlines(), 1) if 3 <= number <= 5
    ]
    assert code.locator("mark").all_inner_texts() == ["x.clamp(min=0.5)"]
    page.get_by_role("link", name="line 5").click()
    assert page.locator(":target").inner_text() == "x.clamp(min=0.5)"
    assert report(tmp_path, "--submissions", tmp_path / "handed in", "--anonymous").exit_code == 0
    anonymous = [text for text in pages(tmp_path).values() if '<pre class="source"' in text]
    assert len(anonymous) == 1 and "thanks to student" in anonymous[0] and "Babbage" not in anonymous[0]


def test_a_long_function_scrolls_and_begins_with_its_end(zygote, monkeypatch, browser, tmp_path):
    monkeypatch.setattr(pictures, "Zygote", lambda limits: zygote.split())
    monkeypatch.setattr(pictures.Pictures, "_pictures", lambda *_: {})
    lines = ["def relu(x):", '    """', *["    words"] * 60, '    """', "    return x" + " + 0" * 50]
    (tmp_path / "ada").mkdir()
    (tmp_path / "ada" / "activations.py").write_text("\n".join(lines))
    place = {"line": len(lines), "column": 11, "end_line": len(lines), "end_column": 12, "expression": "x"}
    found = {"activations.relu": explained("place", "wrong_result", "It goes wrong.", **place)}
    assert report(write(tmp_path, [record("ada", found)]), "--submissions", tmp_path / "ada").exit_code == 0
    phone = browser.new_page(viewport={"width": 360, "height": 740}, color_scheme="dark")
    phone.goto((tmp_path / "report" / "students" / Names().file("ada")).as_uri())
    box, mark = (phone.locator(name).bounding_box() for name in ("pre.source", "pre.source mark"))
    assert box["height"] < 500 and box["y"] < mark["y"] < box["y"] + box["height"]
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    assert phone.locator("pre.source").evaluate("each => each.scrollHeight > 2 * each.clientHeight")
    phone.close()


def test_pictures_of_what_a_submission_does(zygote, monkeypatch, tmp_path):
    monkeypatch.setattr(pictures, "Zygote", lambda limits: zygote.split())
    work = tmp_path / "handed in" / "ada"
    work.mkdir(parents=True)
    (work / "activations.py").write_text(
        "import torch\ndef relu(x): return x.clamp(min=0.5)\ndef tanh(x): raise ValueError('no')\n"
        "class Odd(list):\n    tolist = lambda self: ['$\\\\frac{$']\ndef silu(x): return Odd()\n"
    )
    found = {f"activations.{name}": SOFTMAX for name in ("relu", "tanh", "silu")}
    write(tmp_path, [record("ada", found), record("ben", found)])
    said = report(tmp_path, "--submissions", work.parent)
    assert said.exit_code == 0, said.output
    assert "No plots of 1 student" in said.output
    page = (tmp_path / "report" / "students" / Names().file("ada")).read_text()
    assert re.findall(r'<img src="data:image/png;base64,[^"]{5000,}" alt="Curves of (\w+)', page) == ["relu"]
    assert "<img" not in (tmp_path / "report" / "students" / Names().file("ben")).read_text()
    monkeypatch.setattr(pictures, "open_doors", lambda zygote, course: ["use the network"])
    said = report(tmp_path, "--submissions", work.parent)
    assert said.exit_code == 2 and "could: use the network" in said.output
    assert (tmp_path / "report" / "students" / Names().file("ada")).read_text() == page  # what was there stays
