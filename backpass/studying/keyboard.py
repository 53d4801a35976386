"""Keys of a terminal, one by one, as they are pressed: on POSIX and on Windows."""

from __future__ import annotations

import contextlib
import os
import select
import sys
import threading
import time
from collections.abc import Iterator

UP, DOWN, ESCAPE, BACKSPACE = "up", "down", "escape", "backspace"
_NAMES = {"\x1b[A": UP, "\x1bOA": UP, "\x1b[B": DOWN, "\x1bOB": DOWN, "\x1b": ESCAPE}
_NAMES |= {"\x7f": BACKSPACE, "\x08": BACKSPACE}
_WINDOWS = {"H": UP, "P": DOWN}  # after a first key that is no character


def keys(stopped: threading.Event) -> Iterator[str]:
    """Every key until `stopped` is set or the input ends: a character, or one of the names above."""
    while not stopped.is_set():
        pressed = _pressed_on_windows() if os.name == "nt" else _pressed()
        if pressed == "":
            return
        if pressed in _NAMES:
            yield _NAMES[pressed]
        elif pressed is not None and not pressed.startswith("\x1b"):
            yield from (_NAMES.get(key, key) for key in pressed)


def _pressed() -> str | None:
    """What was typed; None where nothing was for a moment, empty at the end of the input."""
    descriptor = sys.stdin.fileno()
    ready, _, _ = select.select([descriptor], [], [], 0.2)
    return os.read(descriptor, 32).decode(errors="replace") if ready else None


def _pressed_on_windows() -> str | None:
    import msvcrt

    if not msvcrt.kbhit():  # type: ignore[attr-defined]
        time.sleep(0.05)
        return None
    key: str = msvcrt.getwch()  # type: ignore[attr-defined]
    if key not in ("\x00", "\xe0"):
        return key
    name = _WINDOWS.get(msvcrt.getwch())  # type: ignore[attr-defined]
    return next((code for code, known in _NAMES.items() if known == name), None)


@contextlib.contextmanager
def single_keys() -> Iterator[None]:
    """A terminal that hands over every key at once, without displaying it; put back as it was at the end."""
    if os.name == "nt":
        yield  # msvcrt reads single keys as it is
        return
    import termios
    import tty

    descriptor = sys.stdin.fileno()
    before = termios.tcgetattr(descriptor)
    try:
        tty.setcbreak(descriptor)
        yield
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)
