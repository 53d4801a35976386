"""A student's function with the marked expression: which lines are shown, and that all of it is text."""

from dataclasses import replace

import pytest

from backpass.classroom.report.code import LONGEST, code_html, function_of
from backpass.judging.result import ExerciseResult

SOURCE = '''"""The module."""

import torch

EPS = 1e-3


@torch.no_grad()
@decorated
def first(
    x: torch.Tensor,
) -> torch.Tensor:
    """Text

    def second(x): of a docstring
    """
    y = (
#       2 *
        x
        + EPS
    )

    return y


def second(x):
    return "ü" + x
# the end of the file
'''


def marked(expression, end=None, source=SOURCE, /, **changed):
    """The place from the first `expression` in the source to the end of the `end` after it, as lines."""
    start = source.index(expression)
    end = end or expression
    stop = source.index(end, start) + len(end)
    lines = [source.count("\n", 0, at) + 1 for at in (start, stop)]
    columns = [at - source.rfind("\n", 0, at) - 1 for at in (start, stop)]
    place = {"line": lines[0], "column": columns[0], "end_line": lines[1], "end_column": columns[1]}
    result = ExerciseResult("failed", 0, 10, None, "", "place", **place, expression=expression.partition("\n")[0])
    return function_of(source.encode(), "second", replace(result, **changed))


def test_what_is_shown_is_the_function_around_the_mark_with_its_decorators():
    lines = marked("EPS\n    )", "EPS")
    assert [line.number for line in lines] == list(range(8, 24))
    assert (lines[0].before, lines[-1].before) == ("@torch.no_grad()", "    return y")
    assert marked('"ü" + x') == [(26, "def second(x):", "", ""), (27, "    return ", '"ü" + x', "")]


def test_a_mark_over_several_lines_leaves_their_indentation_out():
    lines = {line.number: line[1:] for line in marked("(\n#", "    )") if line.marked}
    assert lines == {
        17: ("    y = ", "(", ""),
        18: ("", "#       2 *", ""),
        19: ("        ", "x", ""),
        20: ("        ", "+ EPS", ""),
        21: ("    ", ")", ""),
    }


def test_in_a_statement_outside_of_functions_only_that_is_shown():
    assert marked("1e-3") == [(5, "EPS = ", "1e-3", "")]
    assert marked("torch.no_grad()") == [(8, "@", "torch.no_grad()", "")]


def test_lines_are_those_of_the_file_whatever_ends_them():
    windows = function_of(
        ("\ufeff" + SOURCE.replace("\n", "\r\n").replace("first(", "first(\x0c")).encode(),
        "second",
        ExerciseResult("failed", 0, 10, None, "", None, 27, 11, 27, 18, '"ü" + x'),
    )
    assert windows[-1] == marked('"ü" + x')[-1]


@pytest.mark.parametrize(
    "changed",
    [
        {"line": 0},
        {"line": 30, "end_line": 30},
        {"end_line": 26},
        {"column": -20},
        {"column": 10_000},
        {"expression": "another version of the file"},
    ],
)
def test_a_place_that_the_file_does_not_have_is_not_shown(changed):
    assert marked('"ü" + x') and marked('"ü" + x', **changed) == []


def test_what_python_cannot_decode_and_what_nobody_reads_is_not_shown():
    place = ExerciseResult("failed", 0, 10, None, "", "place", 2, 0, 2, 1)
    assert function_of(b"def f(x):\n    return x", "f", place)
    assert function_of(b"", "f", place) == []
    assert function_of(b"# coding: none\n\xff", "f", place) == []
    assert function_of(b"def f(x):\n    return x\n" + b"    # long\n" * LONGEST, "f", place) == []


def test_without_a_place_it_is_the_function_of_the_exercise_with_nothing_marked():
    code = [(26, "def second(x):", "", ""), (27, '    return "ü" + x', "", "")]
    assert marked('"ü" + x', line=None) == marked('"ü" + x', end_column=None) == code
    assert marked('"ü" + x', line=None, status="todo") == []
    result = ExerciseResult("passed", 10, 10, None, "")
    assert function_of(SOURCE.encode(), "second", result) == code
    assert function_of(SOURCE.encode(), "third", result) == []
    twice = b"third = None\nthird = lambda x: x\n"
    assert function_of(twice, "third", result) == [(2, "third = lambda x: x", "", "")]


def test_all_of_it_is_escaped_and_cleaned_and_the_first_mark_has_the_anchor():
    html = code_html(
        marked("'<b>'", "ada", "def f():  # <script>\n    return '<b>'\\\n        + ada\n"), 'x"', str.upper
    )
    assert html == (
        '<pre class="source" tabindex="0"><code>'
        '<span class="number-of-line">1</span>  DEF F():  # &lt;SCRIPT&gt;\n'
        '<span class="number-of-line">2</span>      RETURN <mark id="x&#34;">&#39;&lt;B&gt;&#39;\\</mark>\n'
        '<span class="number-of-line">3</span>          <mark>+ ADA</mark></code></pre>'
    )
