"""Choosing hyperparameters: the course's trainer with its options, sweeps over them, and what they came to.

`train` trains networks of several seeds at once; `backpass tune` runs sweeps.
"""
