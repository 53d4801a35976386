"""What a call of a submission's function is made of, and what comes of it: the data that travel between processes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from backpass.course.words import plain_text
from backpass.worker.wire import Callback, encode

MAX_ERROR_TEXT = 240
MAX_PRINTED = 1000
NO_GRADIENT = "no gradient"
PRINTED = "standard output"


@dataclass(frozen=True)
class Call:
    """One call to make.

    `cotangent`: also differentiate, and answer with the vector-Jacobian products by argument name; a function
    of several outputs has a cotangent for each, and the tensors of a list have a name each, as in `weights[0]`.
    `times`: call that often with the same arguments and generator, and answer with the list of results.
    `deep_trace`: note torch's operators too, not only the functions that are called (see `Trace`).
    `device`: where to put the arguments. `vmapped`: under `torch.func.vmap`, for a batch of two that are alike.
    """

    args: dict[str, Any]
    kwargs: dict[str, Any] = field(default_factory=dict)
    cotangent: Any = None
    times: int = 1
    deep_trace: bool = False
    device: str = "cpu"
    vmapped: bool = False

    def pack(self) -> dict[str, Any]:
        """What is to be said of it beside what goes without saying."""
        return {name: value for name, value in vars(self).items() if not _is_usual(name, value)}


_USUAL: dict[str, Any] = {each.name: {} if each.name == "kwargs" else each.default for each in fields(Call)[1:]}


def _is_usual(name: str, value: Any) -> bool:
    return name in _USUAL and type(value) is type(_USUAL[name]) and value == _USUAL[name]


@dataclass(frozen=True)
class Encoded:
    """Calls as they travel: header, payload, and the functions that the submission is given to call."""

    header: bytes
    payload: bytes
    functions: list[Callable[..., Any]]

    @classmethod
    def of(cls, calls: Sequence[Call]) -> Encoded:
        functions: list[Callable[..., Any]] = []

        def numbered(value: Any) -> Any:
            if isinstance(value, list):
                return [numbered(item) for item in value]
            if not callable(value):
                return value
            functions.append(value)
            return Callback(len(functions) - 1)

        packed = [
            call.pack()
            | {"args": {name: numbered(value) for name, value in call.args.items()}}
            | {"kwargs": {name: numbered(value) for name, value in call.kwargs.items()}}
            for call in calls
        ]
        return cls(*encode(packed), functions)


class Calls(tuple[Call, ...]):
    """Calls that are made in every worker of a run: `encoded` keeps their form on the wire."""

    encoded: Encoded | None = None

    def encode(self) -> Encoded:
        """Their form on the wire, made once."""
        if self.encoded is None:
            self.encoded = Encoded.of(self)
        return self.encoded


@dataclass(frozen=True)
class Raised:
    """An exception of the submission: its type, its text (trimmed), and where in the submission it arose.

    `columns`: from which to which column of `source` it arose, where that is known.
    """

    kind: str
    text: str
    line: int | None = None
    source: str = ""
    function: str = ""
    columns: tuple[int, int] | None = None

    @property
    def todo(self) -> bool:
        # torch raises it as well, for an operation that a dtype does not have.
        return self.kind == "NotImplementedError" and (not self.source or "raise" in self.source)

    @classmethod
    def unpack(cls, kind: str, text: str, line: int | None, source: str, function: str, columns: Any) -> Raised:
        """The exception that a worker reports, with texts that are safe to display."""
        if type(line) is not int:
            line = None
        if (
            type(columns) is not tuple
            or [type(each) for each in columns] != [int, int]
            or not 0 <= columns[0] < columns[1] <= MAX_ERROR_TEXT
        ):
            columns = None
        kind, text, source, function = (plain_text(each, MAX_ERROR_TEXT) for each in (kind, text, source, function))
        return cls(kind, text, line, source, function, columns)


@dataclass(frozen=True)
class Answer:
    """What came of a call: a value or an exception, the arguments that it changed, and what else changed.

    `called`, in the first answer to a request: the library functions that the submission called itself.
    `printed`: the beginning of what it printed.
    `kept`: the keys of a dict under which it has a tensor that was given, the very object. `touched`: the arguments
    that are functions and returned a tensor that the submission has changed since.
    """

    value: Any = None
    raised: Raised | None = None
    changed: dict[str, Any] = field(default_factory=dict)
    devices: tuple[str, ...] = ()
    side_effects: tuple[str, ...] = ()
    called: tuple[str, ...] = ()
    printed: str = ""
    kept: tuple[str, ...] = ()
    touched: tuple[str, ...] = ()

    def pack(self) -> dict[str, Any]:
        packed = {name: value for name, value in vars(self).items() if name == "value" or value}
        if self.raised is not None:
            packed["raised"] = vars(self.raised)
        return packed

    @classmethod
    def unpack(cls, packed: dict[str, Any]) -> Answer:
        """The answer that a worker sent; TypeError or ValueError where it does not have the form of one."""
        raised = packed.pop("raised", None)
        answer = cls(raised=None if raised is None else Raised.unpack(**raised), **packed)
        lists = (answer.devices, answer.side_effects, answer.called, answer.kept, answer.touched)
        if not isinstance(answer.changed, dict) or any(type(names) is not tuple for names in lists):
            raise TypeError("not an answer")
        if any(type(name) is not str for names in lists for name in names) or type(answer.printed) is not str:
            raise TypeError("not an answer")
        return replace(answer, printed=plain_text(answer.printed, MAX_PRINTED))
