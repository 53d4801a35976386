"""A class and its instructor: a pool of grading processes, results, reports, and where marks go.

Others call `grade` (one submission), `pool` (a class), `results` and `result_files`; `cluster`, `report` and `exports`
are rooms of their own.
"""
