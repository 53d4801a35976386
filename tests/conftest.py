"""What the kit's own tests share: the course, its graders, and one zygote for all."""

from pathlib import Path

import pytest

from backpass.course import Course, Limits
from backpass.graders import Graders
from backpass.worker.client import Zygote

collect_ignore = ["attacks"]  # which hold files that pytest must not load
ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def course():
    return Course.load(ROOT)


@pytest.fixture(scope="session")
def graders(course):
    return Graders(course)


@pytest.fixture(scope="session")
def zygote():
    with Zygote(Limits(seconds_a_request=10, seconds_a_submission=60)) as zygote:
        yield zygote
