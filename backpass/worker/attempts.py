"""What a submission tried beside computing: noted for the report as it happens, by an audit hook.

The hook only tells; confinement is what refuses. A hook cannot be taken out again, but the code that it
watches runs in the same process, so what is noted here is a courtesy to the reader and never a defence.
"""

from __future__ import annotations

import builtins
import os
import sys
from collections.abc import Callable, Mapping
from os import _exit, fsdecode
from os.path import realpath
from sys import _getframe
from sys import getrecursionlimit as _getrecursionlimit
from types import FrameType
from typing import Any

from backpass.worker.guards import PAST_THE_WATCH, WATCH_IS_GONE
from backpass.worker.operators import CALLED
from backpass.worker.shortcuts import is_loaded_unwatched

# What is defined here goes by names of its own, Python's included: a submission may give builtins.len another function.
globals()["__builtins__"] = vars(builtins).copy()

MAX_NOTED = 20
_READS = "object.__getattr__"  # of a few attributes of frames, tracebacks and code only
GETS_AROUND_THE_WATCH = "get around the watch over library calls"
_FRAMES, _MEMORY = "look at the frames of the code that calls it", "search the memory of its process"
_MACHINE_CODE = "run machine code of its own"
# Where what it calls may be kept from being seen: the records are in those frames, and in that memory.
UNSEEN = (GETS_AROUND_THE_WATCH, _FRAMES, _MEMORY, _MACHINE_CODE)

_WORDS = {
    "start a process": (
        *("subprocess.Popen", "os.system", "os.fork", "os.forkpty", "os.exec", "os.posix_spawn", "os.spawn"),
        *("pty.spawn", "os.startfile"),
    ),
    "start a thread": ("_thread.start_new_thread",),
    "send a signal": ("os.kill", "os.killpg", "signal.pthread_kill"),
    "use the network": ("socket.__new__", "socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto"),
    "change files": (
        *("os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate", "os.chmod"),
        *("os.chown", "os.utime", "os.setxattr", "os.removexattr", "shutil.rmtree", "shutil.move", "shutil.copyfile"),
    ),
    "look through folders": ("os.listdir", "os.scandir", "glob.glob", "os.walk"),
    _MACHINE_CODE: (
        "ctypes.dlopen",
        "ctypes.dlsym",
        "ctypes.cdata",
        "ctypes.string_at",
    ),
    GETS_AROUND_THE_WATCH: ("sys.setprofile", "sys.settrace", "sys.addaudithook", PAST_THE_WATCH),
    _FRAMES: ("sys._getframe", "sys._current_frames", "sys._getframemodulename", _READS),
    _MEMORY: ("gc.get_objects", "gc.get_referrers", "gc.get_referents"),
}
_TRIED = {event: words for words, events in _WORDS.items() for event in events}
_MAKES_CODE = ("compile", "code.__new__")
# What the standard library does for reasons of its own: imports compile, namedtuple looks at its caller's frame.
_DIRECTLY = (*_MAKES_CODE, "sys._getframe", "sys._getframemodulename", _READS)
_OF_FRAMES = ("tb_frame", "gi_frame", "cr_frame", "ag_frame")
# What of it hands frames out, and asks for them in the submission's place.
_HANDS_FRAMES_OUT = {
    *(("inspect", name) for name in ("currentframe", "stack", "trace", "getinnerframes", "getouterframes")),
    *(("traceback", "walk_stack"), ("traceback", "walk_tb"), ("logging", "currentframe"), ("logging", "<lambda>")),
}
_LISTS = ("os.listdir", "os.scandir")
_BORROWS_CODE = ("function.__new__", "object.__setattr__")  # with a library's code, another name for what it is
_HIDES = {*_MAKES_CODE, *_BORROWS_CODE, "import", WATCH_IS_GONE}
_EVENTS = {*_TRIED, *_HIDES, "open"}
_MAY_HIDE = {event for event, words in _TRIED.items() if words in UNSEEN} | _HIDES
_COURSE = ("backpass", "graders", "solutions")
_LIBRARY_FOLDERS = tuple({os.path.realpath(prefix) for prefix in (sys.prefix, sys.base_prefix)})


class Attempts:
    """An audit hook for the submission whose file names are `files`.

    `tell` hears of each attempt at once, as the next step may end the process, and once until `forget`. `urgently` has
    what tells of those that may hide others (`UNSEEN`), with no code that can be replaced: they are told however much
    was told before, and also while something is.
    """

    def __init__(
        self,
        files: frozenset[str],
        tell: Callable[[str], None],
        urgently: Mapping[str, Callable[[], object]] | None = None,
    ) -> None:
        self._files = files
        self._tell = tell
        self._urgently = dict(urgently or {})
        self._noted: dict[str, None] = {}
        self._called: dict[str, None] = {}

    def install(self) -> None:
        """Watch from now on, until the process ends."""
        sys.addaudithook(self._hook())

    def forget(self) -> None:
        """Tell of everything again: another exercise is asked for."""
        self._noted.clear()

    def begin(self) -> None:
        """Calls are made from here on."""
        self._called.clear()

    @property
    def called(self) -> tuple[str, ...]:
        """The functions that told of being called since then, whatever became of other records."""
        return tuple(self._called)

    def _hook(self) -> Callable[[str, tuple[Any, ...]], None]:
        noted, called, files, busy, looks = self._noted, self._called, self._files, [False], [False]
        tell, urgently = self._tell, self._urgently

        def hook(event: str, args: tuple[Any, ...]) -> None:
            if event == CALLED:
                called[str(args[0])] = None
            if event not in _EVENTS or (event == _READS and args[1] not in _OF_FRAMES):  # the trace reads f_code often
                return
            was_busy = busy[0]
            if looks[0]:  # at the frame below, which is an event as well
                return
            if event not in _MAY_HIDE and (was_busy or len(noted) >= MAX_NOTED):
                return
            busy[0] = looks[0] = True
            try:
                # Beyond this function, and the guard that raises an event of the kit's own.
                frame = _getframe(2 if event == PAST_THE_WATCH else 1)
                looks[0] = False
                words = _in_words(event, args)
                # What is loaded unwatched may be loaded by scipy itself, for a submission further up.
                is_certain = event == WATCH_IS_GONE or (event == "import" and words == GETS_AROUND_THE_WATCH)
                if words and words not in noted and (is_certain or _asked_for_by(frame, files, event)):
                    noted[words] = None
                    if words not in urgently:
                        tell(words)
                    elif not _told(urgently[words]):
                        _exit(1)
            except Exception:  # where it cannot be said in words
                return
            finally:
                busy[0], looks[0] = was_busy, False

        return hook


def _told(tell: Callable[[], object]) -> bool:
    try:
        tell()
    except OSError:  # the socket was put away meanwhile
        return False
    return True


def _in_words(event: str, args: tuple[Any, ...]) -> str:
    if event == "open":
        path, mode = args[0], str(args[1])
        if isinstance(path, int):
            return ""
        name = fsdecode(path)
        if realpath(name).startswith(_LIBRARY_FOLDERS) and mode.startswith("r"):
            return ""  # imports read these
        return f"{'write' if set(mode) & set('wax+') else 'open'} the file {name[:120]}"
    if event == "import":
        name = str(args[0])
        if is_loaded_unwatched(name, args[3]):
            return GETS_AROUND_THE_WATCH
        return f"import {name[:80]}" if name.partition(".")[0] in _COURSE else ""
    if event in _MAKES_CODE:
        name = str(args[1])
        return "" if name.startswith("<string>") else GETS_AROUND_THE_WATCH  # the trace goes by the file's name
    if event in _BORROWS_CODE:
        code = args[0] if event == "function.__new__" else args[2] if args[1] == "__code__" else None
        return GETS_AROUND_THE_WATCH if "-packages" in getattr(code, "co_filename", "") else ""
    return GETS_AROUND_THE_WATCH if event == WATCH_IS_GONE else _TRIED[event]


def _is_at_the_limit(frame: FrameType | None) -> bool:
    depth = 0
    while frame is not None:
        frame, depth = frame.f_back, depth + 1
    return depth > _getrecursionlimit() - 50


def _asked_for_by(frame: FrameType | None, files: frozenset[str], event: str) -> bool:
    """Whether the submission is behind what a frame does, directly or through the standard library only."""
    if event == "sys.setprofile" and _is_at_the_limit(frame):
        return False  # Python takes a profiler off that it cannot call any more
    if event in _LISTS and frame is not None and frame.f_code.co_filename.startswith("<frozen importlib"):
        return False  # an import looks for its module in folders that have changed since
    if event in _DIRECTLY:
        if frame is not None and event not in _MAKES_CODE and frame.f_code.co_filename not in files:
            while frame and (frame.f_globals.get("__name__"), frame.f_code.co_name) in _HANDS_FRAMES_OUT:
                frame = frame.f_back
        return frame is not None and frame.f_code.co_filename in files
    while frame is not None:
        name = frame.f_code.co_filename
        if name in files or (name.startswith("<") and not name.startswith("<frozen")):
            return True
        if "site-packages" in name or "dist-packages" in name:
            return False  # torch and its like do such things for reasons of their own
        if frame.f_globals.get("__name__", "").startswith("backpass."):
            return False
        frame = frame.f_back
    return False
