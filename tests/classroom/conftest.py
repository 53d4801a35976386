"""What the tests of reports share."""

import pytest

from tests.classroom.reports import ADAM, BROKEN, HOSTILE, PASSED, SOFTMAX, record, report, result, write


@pytest.fixture(scope="session")
def a_class(tmp_path_factory):
    """The folder of a small class with its report."""
    solved = {"neurons": PASSED, "losses": PASSED}
    records = [
        record("Ada Lovelace", {**solved, "optimizers.adam_step": ADAM}),
        record("ben", {**solved, "losses.softmax": SOFTMAX, "optimizers.adam_step": ADAM}),
        record(
            "cleo",
            {"backprop": result("crashed", None, BROKEN), "losses.softmax": SOFTMAX, "optimizers.adam_step": ADAM},
        ),
        record("eve", {"losses.softmax": result("crashed", "raises", HOSTILE)}, noticed=["open the file /home/eve/x"]),
        record("damaged", problem="damaged.zip cannot be read: File is not a zip file"),
    ]
    folder = write(tmp_path_factory.mktemp("class"), records)
    assert report(folder).exit_code == 0
    return folder


@pytest.fixture
def page(browser):
    """A page of a browser in which every error and every request beyond files is one of the test's."""
    page = browser.new_page(viewport={"width": 1100, "height": 900})
    problems = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda said: problems.append(said.text))
    page.on("request", lambda request: request.url.startswith(("file:", "data:")) or problems.append(request.url))
    yield page
    page.close()
    assert problems == []
