"""For those who write the course: the proof that it holds, and the files that are derived from others.

Called from the command line only.
"""
