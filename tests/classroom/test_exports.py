"""What all exports begin with: results that are read, and messages as Markdown."""

from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from backpass.classroom.exports import markdown
from backpass.classroom.result_files import read_results
from tests.classroom.graded import ADA, MESSAGE, backpass, graded, written


def test_results_are_read_as_they_were_written_and_the_last_of_a_submission_counts(tmp_path):
    written(tmp_path, graded("ada"), graded("ben", problem="ben.zip cannot be read"), ADA)
    assert read_results(tmp_path) == [ADA, graded("ben", problem="ben.zip cannot be read")]


def test_results_that_cannot_be_read_are_told(tmp_path):
    written(tmp_path, ADA)
    with (tmp_path / "results.jsonl").open("a") as file:
        file.write('{"submission": "be')  # half-written: the run will go on there
    backpass("export", "junit", tmp_path, tmp_path / "x.xml")
    assert "cannot be read" in backpass("export", "junit", tmp_path / "absent", tmp_path / "x.xml", status=2)


def kinds(text):
    tokens = MarkdownIt("js-default", {"html": True}).parse(text)
    inline = [child for token in tokens for child in token.children or []]
    return {token.type for token in (*tokens, *inline)} - {"paragraph_open", "paragraph_close", "inline"}


def test_prose_and_the_case_of_a_message_stay_apart_and_nothing_else_is_made_of_it():
    assert kinds(markdown.message(MESSAGE)) == {"text", "code_inline", "code_block"}
    html = MarkdownIt().render(markdown.message(MESSAGE))
    assert "eps * 2 &lt;b&gt;belongs" in html
    assert "<code>param</code>" in html
    assert "you return  param" in html


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("`\\*_[]()<>!#-+=|~&1. \n\t\rahttp:/\u2028") | st.characters(), max_size=60))
def test_no_words_of_a_submission_become_links_pictures_or_headings(text):
    words = f"ValueError: {text}"
    assert kinds(markdown.message(words)) <= {"text", "code_inline", "softbreak", "code_block", "text_special"}
    assert kinds(markdown.message(text)) <= {"text", "code_inline", "softbreak", "code_block", "text_special"}
