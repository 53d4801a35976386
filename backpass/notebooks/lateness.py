"""What lateness costs under nbgrader: as the course's assignments say, with the extensions of `adjustments.toml`."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from nbgrader.plugins import LateSubmissionPlugin

from backpass.classroom.adjustments import extension_of
from backpass.course.manifest import Course


class LatePenalty(LateSubmissionPlugin):
    """nbgrader's `plugin_class` for `AssignLatePenalties`."""

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float | None:
        """The points that a notebook loses of `score`."""
        course = Course.load(Path(self.config.Marks.kit))
        assignment = next((each for each in course.assignments if each.name == self.parent.assignment_id), None)
        if assignment is None or assignment.due is None:
            return None
        late = timedelta(seconds=total_seconds_late)
        extended = extension_of(student_id, assignment, course, Path(self.config.CourseDirectory.root))
        if extended is not None:
            late -= extended - assignment.due
        return float(score) * assignment.percent_lost(late) / 100
