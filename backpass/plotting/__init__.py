"""Pictures of what a function does, for its author at the keyboard and for the reports of a class.

Others call `plots`; `drawing` is the one look of every picture, those of the lessons included.
"""
