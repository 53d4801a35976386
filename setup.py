"""Brings the course along in the wheel: `backpass init` writes it into a folder of the learner's."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

COURSE = ("course.toml", "README.md", "exercises", "graders", "solutions")


class WithTheCourse(build_py):
    """Builds the package with the course beside it, in `backpass_course`; an editable install finds it where it lies.

    Not in the package, which every edition for students brings along.
    """

    def run(self) -> None:
        super().run()
        if self.editable_mode:
            return
        material = Path(self.build_lib) / "backpass_course"
        shutil.rmtree(material, ignore_errors=True)
        for name in COURSE:
            if Path(name).is_dir():
                shutil.copytree(name, material / name, ignore=shutil.ignore_patterns("__pycache__", "*.pyc", ".*"))
            elif Path(name).is_file():  # editions of the course are built without
                material.mkdir(parents=True, exist_ok=True)
                shutil.copy2(name, material / name)


setup(cmdclass={"build_py": WithTheCourse})
