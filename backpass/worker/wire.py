"""The binary format between grader and worker: length-capped frames, no pickle, no objects.

A frame is a 4-byte length and a msgpack header, then an 8-byte length and the raw bytes of all tensors.
Lengths are checked before anything is allocated, and so is what a frame unfolds to: the number of its values, the
rows of nothing in empty tensors among them, of its tensors, and the bytes of those that are laid out anew. No two
tensors share bytes. Tensors arrive on the CPU. A value is None, bool, int, float, str, bytes, a tensor, a
generator, a function to call back, or a list, tuple or dict of these; everything else travels as its type's name.
"""

from __future__ import annotations

import math
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy
import torch
from msgpack import packb, unpackb

from backpass.course.words import plain_text

MAX_HEADER = 2**20
MAX_PAYLOAD = 64 * 2**20
MAX_DEPTH = 16
MAX_TEXT = 20_000
MAX_VALUES = 2**18
MAX_TENSORS = 2**16
MAX_BITS = 1000  # of an int: the largest float has more

_DTYPES = {
    str(dtype).removeprefix("torch."): dtype
    for dtype in (
        *(torch.bool, torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64),
        *(torch.float16, torch.bfloat16, torch.float32, torch.float64, torch.complex64, torch.complex128),
    )
}


Left = Callable[[], float]  # seconds, none where it is 0 or less


class WireError(Exception):
    """A frame that does not follow the format, or is larger than the format allows."""


class PeerGone(Exception):
    """The other side closed the connection."""


class DeadlinePassed(Exception):
    """The other side did not answer in time."""


@dataclass(frozen=True)
class Unsupported:
    """Stands for a value that cannot cross the boundary: the name of its type."""

    type_name: str


@dataclass(frozen=True)
class Seed:
    """Stands for a `torch.Generator` freshly seeded with `seed`."""

    seed: int

    def generator(self, device: str) -> torch.Generator:
        return torch.Generator(device).manual_seed(self.seed)


@dataclass(frozen=True)
class Callback:
    """Stands for a function of the grader's that the submission may call."""

    number: int


def encode(value: Any) -> tuple[bytes, bytes]:
    """`value` as (header, payload)."""
    payload = _Payload()
    # A subclass of Tensor must not run code of its own while it is written down.
    with torch.no_grad(), torch._C.DisableTorchFunctionSubclass():
        header = packb(_pack(value, payload, 0))
    return header, b"".join(payload.chunks)


def decode(header: bytes, payload: bytearray | memoryview, *, printable: bool = False, has_budget: bool = True) -> Any:
    """The value of a frame; its tensors share the memory of `payload`. WireError where it is malformed.

    `printable`: its texts are a submission's, and become safe to display. What the kit has written itself needs no
    budget.
    """
    try:
        tree = unpackb(header, max_ext_len=0, max_array_len=2**17, max_map_len=16, strict_map_key=True)
        return _Unpacking(payload, printable, has_budget).value(tree, 0)
    except WireError:
        raise
    except Exception as error:
        raise WireError(f"malformed frame: {type(error).__name__}") from None


class _Payload:
    """The raw bytes of tensors, one after the other, each at a multiple of 8 bytes."""

    def __init__(self) -> None:
        self.chunks: list[bytes] = []
        self.size = 0

    def add(self, raw: bytes) -> tuple[int, int]:
        offset = self.size
        self.chunks += (raw, b"\0" * (-len(raw) % 8))
        self.size += len(raw) + -len(raw) % 8
        return offset, len(raw)


def _pack(value: Any, payload: _Payload, depth: int) -> Any:
    kind = type(value)
    if value is None or kind is bool or kind is float:
        return value
    if kind is int:
        if -(2**63) <= value < 2**63:
            return value
        return ["i", hex(value)] if value.bit_length() <= MAX_BITS else ["x", f"int of more than {MAX_BITS} bits"]
    if kind is str:
        return value[:MAX_TEXT]
    if kind is bytes:
        return value
    if depth > MAX_DEPTH:
        return ["x", "a structure nested too deeply"]
    if isinstance(value, torch.Tensor):
        return _pack_tensor(value, payload)
    if isinstance(value, float):  # numpy.float64 is one
        return float(value)
    if isinstance(value, tuple | list):
        tag = "u" if isinstance(value, tuple) else "l"
        if _alike(value):
            return ["s", tag, _pack_tensor(torch.stack(list(value)), payload)]
        return [tag, [_pack(item, payload, depth + 1) for item in value]]
    if isinstance(value, dict):
        if not all(type(key) in (str, int) for key in value):
            return ["x", "dict with keys that are not strings"]
        return ["d", [[key, _pack(item, payload, depth + 1)] for key, item in value.items()]]
    if kind is set and all(type(item) is str for item in value):
        return ["e", sorted(item[:MAX_TEXT] for item in value)]
    if isinstance(value, Seed):
        return ["g", value.seed]
    if isinstance(value, Callback):
        return ["c", value.number]
    if isinstance(value, Unsupported):
        return ["x", value.type_name]
    return ["x", f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins.")[:100]]


def _alike(items: list[Any] | tuple[Any, ...]) -> bool:
    """Whether a list is many plain tensors of one kind, which travel faster as one."""
    if len(items) < 8 or type(items[0]) is not torch.Tensor or str(items[0].dtype)[6:] not in _DTYPES:
        return False
    first = items[0]
    return all(
        type(item) is torch.Tensor
        and item.shape == first.shape
        and item.dtype == first.dtype
        and item.device.type == "cpu"
        and item.is_contiguous()
        for item in items
    )


def _pack_tensor(tensor: torch.Tensor, payload: _Payload) -> Any:
    name = str(tensor.dtype).removeprefix("torch.")
    if name not in _DTYPES or tensor.layout is not torch.strided or tensor.device.type == "meta":
        return ["x", f"tensor of {tensor.dtype}, {tensor.layout}, on {tensor.device.type}"]
    plain = tensor.detach().resolve_conj().resolve_neg()
    strides = [] if plain.is_contiguous() else list(plain.stride())
    here = plain.cpu()
    raw = (here.view(torch.int16) if here.dtype is torch.bfloat16 else here).numpy().tobytes()
    return ["t", name, list(plain.shape), strides, *payload.add(raw)]


class _Unpacking:
    """What is left of the budget of one frame, while its values are made."""

    def __init__(self, payload: bytearray | memoryview, printable: bool, has_budget: bool) -> None:
        self._payload = payload
        self._printable = printable
        self._values: float = MAX_VALUES if has_budget else math.inf
        self._tensors: float = MAX_TENSORS if has_budget else math.inf
        self._bytes_to_lay_out: float = MAX_PAYLOAD if has_budget else math.inf
        self._taken = 0  # of the payload

    def value(self, tree: Any, depth: int) -> Any:
        """The value that `tree` stands for."""
        self._count(1)
        if type(tree) is str:
            return self._text(tree)
        if tree is None or isinstance(tree, bool | int | float | bytes):
            return tree
        if depth > MAX_DEPTH + 2 or not isinstance(tree, list) or not tree:
            raise WireError("malformed frame: not a tagged value")
        tag, rest = tree[0], tree[1:]
        if tag == "t":
            return self._tensor(1, *rest)
        if tag == "l":
            return [self.value(item, depth + 1) for item in rest[0]]
        if tag == "u":
            return tuple([self.value(item, depth + 1) for item in rest[0]])
        if tag == "s":
            together = rest[1]
            items = self._tensor(together[2][0], *together[1:]).unbind(0)
            return items if rest[0] == "u" else list(items)
        if tag == "d":
            return {self._key(key): self.value(item, depth + 1) for key, item in rest[0]}
        if tag == "e":
            return {self.value(item, depth + 1) for item in rest[0]}
        if tag == "i" and len(rest[0]) <= MAX_BITS // 4 + 3:
            return int(rest[0], 16)
        if tag == "g":
            return Seed(*rest)
        if tag == "c":
            return Callback(*rest)
        if tag == "x":
            return Unsupported(plain_text(str(rest[0]), 200))
        raise WireError("malformed frame: unknown tag")

    def _count(self, values: int) -> None:
        self._values -= values
        if self._values < 0:
            raise WireError(f"more values than the {MAX_VALUES} that an answer may have")

    def _text(self, text: str) -> str:
        return plain_text(text, MAX_TEXT) if self._printable else text

    def _key(self, key: Any) -> Any:
        if type(key) is int:
            return key
        if type(key) is not str:
            raise WireError("malformed frame: a key that is no text")
        return self._text(key)

    def _tensor(
        self, count: int, name: str, shape: list[int], strides: list[int], offset: int, length: int
    ) -> torch.Tensor:
        """A tensor, which may stand for `count` of them."""
        dtype = _DTYPES[name]
        numel = math.prod(shape)
        if min(shape, default=0) < 0 or len(shape) > 16 or numel * dtype.itemsize != length:
            raise WireError("malformed frame: a tensor's shape and size disagree")
        self._tensors -= count
        if self._tensors < 0:
            raise WireError(f"more tensors than the {MAX_TENSORS} that an answer may have")
        if not numel:
            self._count(math.prod(size or 1 for size in shape))
        if not 0 <= offset <= offset + length <= len(self._payload) or offset % 8:
            raise WireError("malformed frame: a tensor outside the payload")
        if offset < self._taken:
            raise WireError("malformed frame: tensors that overlap")
        self._taken = offset + length
        if length == 0:
            return torch.empty(shape, dtype=dtype)
        numbers = numpy.frombuffer(self._payload, "int16" if name == "bfloat16" else name, numel, offset)
        tensor = torch.from_numpy(numbers.reshape(shape))
        if name == "bfloat16":
            tensor = tensor.view(torch.bfloat16)
        return self._laid_out(tensor, strides) if strides else tensor

    def _laid_out(self, tensor: torch.Tensor, strides: list[int]) -> torch.Tensor:
        """`tensor` with gaps or permuted dimensions as it had them; as it is where that would need far more memory."""
        extent = 1 + sum((size - 1) * stride for size, stride in zip(tensor.shape, strides, strict=True))
        size = extent * tensor.dtype.itemsize
        if min(strides) <= 0 or extent > 8 * tensor.numel() or size > self._bytes_to_lay_out:
            return tensor
        self._bytes_to_lay_out -= size
        return torch.empty_strided(tensor.shape, strides, dtype=tensor.dtype).copy_(tensor)


def send(sock: socket.socket, value: Any, payload: bytes = b"") -> None:
    """Write one frame; WireError where `value` is larger than a frame may be.

    With a `payload`, `value` holds no tensors but a header, encoded before, that belongs to that payload.
    """
    header, own = encode(value)
    send_frame(sock, header, payload or own)


def send_frame(sock: socket.socket, header: bytes, payload: bytes | bytearray) -> None:
    """Write one frame that is encoded already."""
    if len(header) > MAX_HEADER or len(payload) > MAX_PAYLOAD:
        raise WireError(f"an answer of {(len(header) + len(payload)) / 2**20:.0f} MiB is too large to send")
    try:
        sock.sendall(b"".join((struct.pack(">IQ", len(header), len(payload)), header, payload)))
    except TimeoutError:
        raise DeadlinePassed from None
    except OSError:
        raise PeerGone from None


def receive(sock: socket.socket, left: Left | None = None, *, printable: bool = False) -> Any:
    """Read one frame, while there is time `left` (for ever without); `printable`: see `decode`."""
    return decode(*receive_frame(sock, left), printable=printable)


def receive_frame(sock: socket.socket, left: Left | None = None) -> tuple[bytes, bytearray]:
    """Read one frame as (header, payload)."""
    header_size, payload_size = struct.unpack(">IQ", _read(sock, 12, left))
    if header_size > MAX_HEADER or payload_size > MAX_PAYLOAD:
        raise WireError("a frame announces more than the format allows")
    return bytes(_read(sock, header_size, left)), _read(sock, payload_size, left)


def _read(sock: socket.socket, size: int, left: Left | None) -> bytearray:
    data = bytearray(size)
    view = memoryview(data)
    while view:
        if left is not None:
            seconds = left()
            if seconds <= 0:
                raise DeadlinePassed
            sock.settimeout(seconds)
        try:
            count = sock.recv_into(view)
        except TimeoutError:
            continue  # of the time that is counted, some may be left
        except OSError:
            raise PeerGone from None
        if not count:
            raise PeerGone
        view = view[count:]
    return data
