"""What arrived: folders, zips and vendors' downloads, taken apart into one source for each unit.

Files of strangers are listed and read, never run. Call `submission`; the other modules serve it.
"""
