"""The labs: a brief to argue about, a peer who is not convinced, and a record of what was said.

The command line calls `debate`; notebooks read the texts with `brief`.
"""
