"""The command line."""

import sys

from backpass.worker import root

_GRADES = ("grade", "check", "watch")


def main() -> None:
    """Run it; what grades is run where torch is imported once."""
    for stream in (sys.stdout, sys.stderr):
        if stream.errors == "strict" and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a console without the letters of a student's code displays "?"
    if sys.argv[1:2] and sys.argv[1] in _GRADES and "--help" not in sys.argv:
        root.begin_anew("backpass.cli:app", ["backpass", *sys.argv[1:]])
    from backpass.cli import app

    app()


if __name__ == "__main__":
    main()
