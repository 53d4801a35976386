"""Known mistakes of the unit schedules: short wrong solutions, and what to tell whoever wrote one."""
