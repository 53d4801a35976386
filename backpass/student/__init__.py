"""What arrived: folders, zips and vendors' downloads, taken apart into one source for each unit.

Files of strangers are listed and read, never run. `hand_ins` says whose work lies where, `submission` reads it; the
other modules serve them.
"""
