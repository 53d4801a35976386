"""Which entries of two values differ, as a student sees it."""

import torch

from backpass.explaining.render import contrast


def test_carets_stand_below_the_entries_that_differ():
    mine, marks, right = contrast(torch.tensor([[1.0, -22.5], [3.0, 4.0]]), torch.tensor([[1.0, 2.0], [3.0, 4.5]]))
    assert (mine, right) == ("[[1, -22.5], [3, 4]]   (2, 2) float32", "[[1, 2], [3, 4.5]]   (2, 2) float32")
    assert marks == "     ^^^^^       ^"


def test_where_all_differ_nothing_is_marked():
    assert contrast(torch.tensor([1.0, 2.0]), torch.tensor([2.0, 3.0]))[1] == ""
    assert contrast(1.5, 2.5)[1] == ""
    assert contrast(["a", "b"], ["a"])[1] == ""


def test_in_a_long_line_words_say_where():
    right = torch.arange(24.0).reshape(4, 6) + 0.123
    mine = right.clone()
    mine[1, 2] += 1
    mine[3, 0] = torch.nan
    assert contrast(mine, right)[1] == "it differs at [1, 2] and [3, 0]"
    assert contrast(mine, right, indent=40)[1] == "it differs at [1, 2] and [3, 0]"


def test_numbers_of_lists_are_marked_too():
    assert contrast([0.5, 0.25, 0.125], [0.5, 0.2, 0.125])[1] == "      ^^^^"


def test_of_several_tensors_words_say_where():
    one, other = torch.tensor([1.0, 2.0]), torch.tensor([1.0, 3.0])
    assert contrast([one, other], [one, one])[1] == "it differs at [1, 1]"
    assert contrast({"v": one, "w": one}, {"v": one, "w": other})[1] == " " * len("at ['w']: [1, ") + "^"
    assert contrast({"w": one, "v": one}, {"w": other, "v": other})[1] == ""
    assert contrast([one, None], [other, "a"])[1] == "it differs at [0, 1] and [1]"
