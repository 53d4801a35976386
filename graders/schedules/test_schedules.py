"""Hidden grader of the unit schedules."""
