"""From a verdict to what a student reads: which mistake it is, where, and the smallest case that shows it.

Others call `grader` (judged and explained) and `diagnosis`; a unit's `mistakes.toml` is read by `rows`.
"""
