"""The student's side of the boundary: confined processes that run a submission, and how to talk to them.

Others call `warm` (Zygote), `client` (Worker), `asking`, `sandbox`, and the types of `calls` and `wire`. What runs
beside a submission (`student_side` and below) imports nothing of the rooms above this one.
"""
