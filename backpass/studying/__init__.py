"""One person and their own work: the commands of students, the watch loop, and what is remembered.

The command line calls `commands`; pytest and labs record in `progress`.
"""
