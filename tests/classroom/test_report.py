"""Reports of a class: what the pages say, in a real browser where there is one, and what they must not give away."""

import json
import re
import shutil
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from backpass.classroom.report.messages import blocks, first_sentence
from backpass.classroom.report.naming import Names, Pseudonyms
from backpass.classroom.report.reading import ReportError, Results
from backpass.explaining import wording
from backpass.explaining.outputs import which_are_right
from tests.classroom.reports import COURSE, EPS, PASSED, SOFTMAX, explained, pages, record, report, result, write


def test_the_class_page_begins_with_what_to_talk_about(page, a_class):
    page.goto((a_class / "report" / "index.html").as_uri())
    first = page.locator(".columns li").first
    assert first.inner_text().startswith("eps is added under the square root: it belongs after it.")
    assert "3 students in optimizers.adam_step" in first.inner_text()
    first.locator("a").first.click()
    mistake = page.locator("details.mistake[open]")
    assert mistake.locator(".students a").all_inner_texts() == ["Ada Lovelace", "ben", "cleo"]
    assert "you return  param" in mistake.locator("pre").inner_text()
    mistake.locator(".students a").first.click()
    assert page.locator("h1").inner_text() == "Ada Lovelace"
    assert page.url.endswith("#optimizers.adam_step")
    page.goto((a_class / "report" / "index.html").as_uri())
    troubles = page.locator("details.who:not(.mistake) summary").all_inner_texts()
    assert [text.strip() for text in troubles] == [
        "1 could not be read",
        "1 tried something beside computing",
        "1 with a unit that does not import, and so earns nothing",
        "2 began, and solved nothing",
    ]


def test_mistakes_are_filtered_as_one_types(page, a_class):
    page.goto((a_class / "report" / "index.html").as_uri())
    left = page.locator(".map > li:visible")
    count = page.locator("#filter output")
    assert count.inner_text() == "4 of 4"  # twelve exercises of a module that does not import are one mistake
    page.get_by_label("Text").press_sequentially("maximum batch")
    assert count.inner_text() == "1 of 4" and "losses.softmax" in left.inner_text()
    page.get_by_role("button", name="Clear").click()
    page.wait_for_function("document.querySelector('#filter output').textContent === '4 of 4'")
    page.get_by_label("Status").select_option("crashed")
    assert count.inner_text() == "2 of 4"
    page.get_by_label("Unit").select_option("backprop")
    assert left.count() == 1 and "does not import" in left.inner_text()
    assert page.get_by_label("Exercise").locator("option").count() == 1 + len(COURSE.unit("backprop").exercises)
    page.get_by_role("searchbox", name="Find").fill("LOVE")
    assert page.locator("#table-of-students tbody tr:visible").all_inner_texts()[0].startswith("Ada Lovelace")


def test_tables_are_sorted_by_their_heads_from_the_keyboard(page, a_class):
    page.goto((a_class / "report" / "index.html").as_uri())
    names = page.locator("#table-of-students tbody th")
    assert names.all_inner_texts() == ["Ada Lovelace", "ben", "cleo", "damaged", "eve"]
    page.locator("#table-of-students button[data-key=points]").focus()
    page.keyboard.press("Enter")
    assert names.first.inner_text() == "Ada Lovelace"
    page.keyboard.press("Enter")
    assert names.last.inner_text() == "Ada Lovelace"
    assert page.locator("#table-of-students th[aria-sort]").get_attribute("aria-sort") == "ascending"
    exercises = page.locator("#table-of-exercises tbody:not(.unit) th code")
    in_course_order = exercises.all_inner_texts()
    assert in_course_order == list(COURSE.exercises)
    page.locator("#table-of-exercises button[data-key=oftried]").click()
    hardest = [exercise.id for exercise in COURSE.unit("backprop").exercises]  # nobody's module imports
    assert exercises.all_inner_texts()[: len(hardest)] == hardest
    page.locator("#table-of-exercises button[data-key=course]").click()
    assert exercises.all_inner_texts() == in_course_order


def test_pages_fit_a_phone_and_follow_the_system_s_colours(browser, a_class):
    phone = browser.new_page(viewport={"width": 360, "height": 740}, color_scheme="dark")
    for path in (a_class / "report").rglob("*.html"):
        phone.goto(path.as_uri())
        assert phone.evaluate("document.documentElement.scrollWidth") <= 360, path
        assert phone.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 23, 27)"
    phone.emulate_media(media="print")
    assert phone.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    phone.close()


def test_what_a_student_wrote_stays_text(page, a_class):
    page.goto((a_class / "report" / "students" / Names().file("eve")).as_uri())
    assert page.title().startswith("eve: 0 of")
    assert "<script>document.title = 'taken'</script>" in page.locator("article.crashed").inner_text()
    assert "/home/eve/x" in page.locator(".notice").inner_text()


def test_a_large_class_is_written_in_seconds_and_filtered_without_lag(page, tmp_path):
    ids = list(COURSE.exercises)
    records = []
    for number in range(150):
        found = {
            id: result("failed", f"mistake_{(number + k) % 12}", f"Mistake {(number + k) % 12} in {id}. {EPS}")
            for k, id in enumerate(ids)
        }
        records.append(record(f"student of number {number}", found))
    folder, start = write(tmp_path, records), time.process_time()
    assert report(folder).exit_code == 0
    assert time.process_time() - start < 8  # 1 s where nothing else runs; of the CPU's, which others do not take
    index = tmp_path / "report" / "index.html"
    assert index.stat().st_size < 3e6
    page.goto(index.as_uri())
    assert page.locator("#filter output").inner_text() == f"{12 * len(ids)} of {12 * len(ids)}"
    milliseconds = page.evaluate(
        """() => { const text = document.querySelector("#filter [name=text]"), start = performance.now();
           text.value = "mistake_7 softmax"; text.dispatchEvent(new Event("input", {bubbles: true}));
           document.body.offsetHeight; return performance.now() - start; }"""
    )
    assert milliseconds < 500  # 30 where nothing else runs
    assert page.locator(".map > li:visible").count() == sum("softmax" in id for id in ids)


def test_an_anonymous_report_has_no_name_anywhere_and_the_same_pseudonyms_again(a_class, tmp_path):
    shutil.copy(a_class / "results.jsonl", tmp_path)
    records = [json.loads(line) for line in (tmp_path / "results.jsonl").read_text().splitlines()]
    told = "Your code raises ValueError: thanks to BEN, ada_lovelace (/home/eve/Lovelace.py)"
    records[0]["exercises"]["losses.softmax"] = result("crashed", "raises", told)
    write(tmp_path, records)
    assert report(tmp_path).exit_code == 0  # whose pages must all be gone afterwards
    said = report(tmp_path, "--anonymous")
    assert said.exit_code == 0 and "pseudonyms.csv" in said.output
    written = pages(tmp_path)
    assert len(written) == 6
    for path, text in written.items():
        everything = f"{path} {text}".casefold()
        assert not re.search(r"\b(ada|lovelace|ben|cleo|damaged|eve)\b|ada_", everything), path
    mapping = (tmp_path / "pseudonyms.csv").read_text()
    write(tmp_path, [record("a new one"), *records])
    assert report(tmp_path, "--anonymous").exit_code == 0
    assert (tmp_path / "pseudonyms.csv").read_text() == mapping + "student 06,a new one\n"


def test_pseudonyms_tell_nothing_by_their_order(tmp_path):
    names = [f"name {number:03}" for number in range(100)]
    pseudonyms = Pseudonyms(tmp_path / "pseudonyms.csv", names)
    shown = [pseudonyms.shown(name) for name in names]
    assert sorted(shown, key=lambda each: int(each.split()[1])) == [f"student {number:02}" for number in range(1, 101)]
    assert shown != sorted(shown)
    (tmp_path / "pseudonyms.csv").write_text("pseudonym,submission\nstudent 01,a\nstudent 01,b\n")
    with pytest.raises(ReportError, match="there twice"):
        Pseudonyms(tmp_path / "pseudonyms.csv", names)


def test_identifiers_are_no_names(tmp_path):
    pseudonyms = Pseudonyms(tmp_path / "pseudonyms.csv", ["max", "Ann Lee"])
    assert pseudonyms.cleaned("scaled to max_norm", "Ann Lee") == "scaled to max_norm"
    assert pseudonyms.cleaned("by ann.lee", "max") == f"by {pseudonyms.shown('Ann Lee')}"


def test_every_name_has_a_file_name_that_is_safe(tmp_path):
    names = ["../../etc/passwd", "..", "", "CON", "Zoë", "zoe", "ZOE", "李小龙", "💥", "a\x00b", "\ud800"]
    names += ["a" * 500, "a" * 499]
    files = [Names().file(name) for name in names]
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9-]{0,60}\.html", file) for file in files)
    assert len(set(files)) == len(names)
    assert report(write(tmp_path, map(record, names))).exit_code == 0
    assert len(pages(tmp_path)) == 1 + len(names)


def test_half_a_line_and_a_broken_one_are_left_out_and_said(tmp_path):
    write(tmp_path, [record("ada"), record("ben"), record("ada", {"losses": PASSED})])
    with (tmp_path / "results.jsonl").open("a") as file:
        file.write('{"submission": "cleo"}\n{"submission": "dora", "exerc')
    said = report(tmp_path)
    assert said.exit_code == 0
    assert "Line 4 of results.jsonl is not a result and left out (it has no 'exercises')" in said.output
    assert "Line 5 of results.jsonl is half-written and left out" in said.output
    results = Results(tmp_path, COURSE)
    assert [each.submission for each in results] == ["ben", "ada"]
    assert results.left_out == 2
    assert [each.points for each in results] == [0, 10 * len(COURSE.unit("losses").exercises)]  # as they were graded
    assert "2 lines of results.jsonl could not be read" in (tmp_path / "report" / "index.html").read_text()


def test_where_there_is_no_report_to_write_one_line_says_why(tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "bare").mkdir()
    (tmp_path / "empty" / "results.jsonl").touch()
    write(tmp_path / "taken", [record("ada")])
    (tmp_path / "taken" / "report").mkdir()
    (tmp_path / "taken" / "report" / "thesis.txt").touch()
    for folder, words in {
        "absent": "There is no folder",
        "bare": "has no results.jsonl",
        "empty": "has no result in it",
        "taken": "is there and is no earlier report",
    }.items():
        said = report(tmp_path / folder)
        assert said.exit_code == 2 and words in said.output and len(said.output.splitlines()) <= 2, said.output
    assert sorted(path.name for path in (tmp_path / "taken").iterdir()) == ["report", "results.jsonl"]


def test_a_mistake_is_told_by_its_first_sentence():
    assert first_sentence(EPS) == "eps is added under the square root: it belongs after it."
    mostly = "Most of your wrong answers, but not all, are explained by this mistake: The sum is missing. Add it."
    assert first_sentence(mostly) == "The sum is missing."
    assert [block.is_code for block in blocks(f"{EPS}\n\nYour code tried to fork.")] == [False, True, False]
    assert blocks("    x.py:1:  1\n    \n    a = 1\n    b = 2") == [(True, "x.py:1:  1\n\na = 1\nb = 2")]


def test_what_the_diagnosis_puts_before_a_mistake_is_no_part_of_it():
    wrong = SimpleNamespace(wrong={0: [SimpleNamespace(where="param")]})
    before = which_are_right(wrong, COURSE.exercises["optimizers.adam_step"])
    assert before and first_sentence(before + "Divide by N. Once.") == "Divide by N."
    mostly = "Most of your wrong answers, but not all, are explained by this mistake: {"
    assert mostly in Path(wording.__file__).read_text()


DENOMINATOR = {"should_be": "the denominator: the root, with `eps` added to it"}


def test_the_map_of_mistakes_never_mixes_causes_places_and_symptoms(page, tmp_path):
    cause = explained("cause", "eps_inside_the_root", EPS)
    hedged = "Most of your wrong answers, but not all, are explained by this mistake: " + EPS.partition("not. ")[2]
    found = [
        {"optimizers.adam_step": cause},
        {"optimizers.adam_step": explained("symptom", "eps_inside_the_root", hedged)},
        {"optimizers.adam_step": explained("symptom", "eps_inside_the_root", hedged)},
        {"losses.softmax": explained("place", "wrong_denominator", "It goes wrong in line 9: what ...", **DENOMINATOR)},
        {"losses.softmax": explained("place", "wrong_denominator", "It goes wrong in line 14: ...", **DENOMINATOR)},
        {"losses": SOFTMAX},  # from before there were degrees
    ]
    write(tmp_path, [record(f"student {number}", each) for number, each in enumerate(found)])
    assert report(tmp_path).exit_code == 0
    page.goto((tmp_path / "report" / "index.html").as_uri())
    titles = [text.split()[0] for text in page.locator(".degree-group h3").all_inner_texts()]
    assert titles == ["Causes", "Places", "Symptoms", "Others"]
    rows = [group.locator("summary").all_inner_texts() for group in page.locator(".degree-group").all()]
    assert "1 of 3" in rows[0][0] and "2 of 3" in rows[2][0]
    assert "An expression should be the denominator: the root, with eps added to it." in rows[1][0]
    assert [len(each) for each in rows] == [1, 1, 1, len(COURSE.unit("losses").exercises)]
    # A symptom is talked about by nobody, however often it is seen; the links lead to the rows.
    talk = page.locator(".talk").first
    assert (
        "2 students in losses.softmax" in talk.inner_text() and "eps" not in talk.inner_text().partition("softmax")[2]
    )
    talk.locator("a").first.click()
    assert "It goes wrong in line" in page.locator("details.mistake[open] .message").inner_text()
    page.get_by_label("Text").fill("root")
    assert page.locator(".degree-group:visible h3").count() == 3
    page.get_by_label("Status").select_option("crashed")
    assert page.locator(".degree-group:visible").count() == 0


def test_what_differs_is_not_counted_as_one_mistake(tmp_path):
    raised = [
        "Line 5 raises TypeError: x is a list.",
        "Line 9 raises TypeError: x is a list.",
        "Line 5 raises KeyError: y.",
    ]
    told = [explained("place", "raises", text, line=5) for text in raised]
    write(tmp_path, [record(f"student {n}", {"losses.softmax": each}) for n, each in enumerate(told)])
    assert report(tmp_path).exit_code == 0
    text = pages(tmp_path)[Path("report/index.html")]
    assert text.count("Line ... raises TypeError: x is a list.") >= 1 and "Line 5 raises KeyError: y." in text
    assert "2 students in <code>losses.softmax" in text and "3 students in" not in text


def test_results_of_older_versions_have_a_map_without_headings(a_class):
    text = pages(a_class)[Path("report/index.html")]
    assert text.count('<section class="degree-group">') == 1 and "Others" not in text
    for name in ("Ada Lovelace", "cleo"):
        assert 'class="degree"' not in pages(a_class)[Path("report/students") / Names().file(name)]


def test_results_with_places_that_are_none_are_left_out(tmp_path):
    wrong = [
        explained("guess", None, "x"),
        explained("place", None, "x", line="3"),
        explained("place", None, "x", should_be=["y"]),
    ]
    write(tmp_path, [record("ada"), *(record(f"{n}", {"losses": each}) for n, each in enumerate(wrong))])
    said = report(tmp_path)
    assert said.exit_code == 0
    for words in ("degree 'guess' is none of", "its line is '3'", "its should_be is ['y']"):
        assert words in said.output
