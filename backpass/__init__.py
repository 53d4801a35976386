"""backpass: an auto-graded course on how neural networks learn."""

__version__ = "0.1.0"
