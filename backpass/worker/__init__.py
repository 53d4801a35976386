"""The student's side of the boundary: the processes that run submissions, and how to talk to them."""
