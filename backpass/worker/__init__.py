"""The student's side of the boundary: confined processes that run a submission, and how to talk to them.

Others call `client` (Zygote, Worker), `asking`, `sandbox`, and the types of `invoke` and `wire`. What runs beside a
submission (`student_side` and below) imports nothing of the rooms above this one.
"""
