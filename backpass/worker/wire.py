"""The binary format between grader and worker: length-capped frames, no pickle, no objects.

A frame is a 4-byte length and a msgpack header, then an 8-byte length and the raw bytes of all tensors.
Lengths are checked before anything is allocated. Tensors arrive on the CPU. A value is None, bool, int,
float, str, bytes, a tensor, a generator, a function to call back, or a list, tuple or dict of these; everything
else travels as its type's name.
"""

from __future__ import annotations

import math
import socket
import struct
import time
from dataclasses import dataclass
from typing import Any

import numpy
import torch
from msgpack import packb, unpackb

MAX_HEADER = 2**20
MAX_PAYLOAD = 64 * 2**20
MAX_DEPTH = 16
MAX_TEXT = 20_000
MAX_BITS = 1000  # of an int: the largest float has more

_DTYPES = {
    str(dtype).removeprefix("torch."): dtype
    for dtype in (
        *(torch.bool, torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64),
        *(torch.float16, torch.bfloat16, torch.float32, torch.float64, torch.complex64, torch.complex128),
    )
}


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


def decode(header: bytes, payload: bytearray | memoryview) -> Any:
    """The value of a frame; its tensors share the memory of `payload`. WireError where it is malformed."""
    try:
        tree = unpackb(header, max_ext_len=0, max_array_len=2**17, max_map_len=16, strict_map_key=True)
        return _unpack(tree, payload, 0)
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


def _unpack(tree: Any, payload: bytearray | memoryview, depth: int) -> Any:
    if tree is None or isinstance(tree, bool | int | float | str | bytes):
        return tree
    if depth > MAX_DEPTH + 2 or not isinstance(tree, list) or not tree:
        raise WireError("malformed frame: not a tagged value")
    tag, rest = tree[0], tree[1:]
    if tag == "t":
        return _unpack_tensor(payload, *rest)
    if tag == "l":
        return [_unpack(item, payload, depth + 1) for item in rest[0]]
    if tag == "u":
        return tuple(_unpack(item, payload, depth + 1) for item in rest[0])
    if tag == "s":
        items = _unpack_tensor(payload, *rest[1][1:]).unbind(0)
        return items if rest[0] == "u" else list(items)
    if tag == "d":
        return {key: _unpack(item, payload, depth + 1) for key, item in rest[0]}
    if tag == "e":
        return set(rest[0])
    if tag == "i" and len(rest[0]) <= MAX_BITS // 4 + 3:
        return int(rest[0], 16)
    if tag == "g":
        return Seed(*rest)
    if tag == "c":
        return Callback(*rest)
    if tag == "x":
        return Unsupported(plain_text(str(rest[0]), 200))
    raise WireError(f"malformed frame: unknown tag {tag!r:.20}")


def _unpack_tensor(
    payload: bytearray | memoryview, name: str, shape: list[int], strides: list[int], offset: int, length: int
) -> torch.Tensor:
    dtype = _DTYPES[name]
    numel = math.prod(shape)
    if min(shape, default=0) < 0 or len(shape) > 16 or numel * dtype.itemsize != length:
        raise WireError("malformed frame: a tensor's shape and size disagree")
    if not 0 <= offset <= offset + length <= len(payload) or offset % 8:
        raise WireError("malformed frame: a tensor outside the payload")
    if length == 0:
        return torch.empty(shape, dtype=dtype)
    numbers = numpy.frombuffer(payload, "int16" if name == "bfloat16" else name, numel, offset)
    tensor = torch.from_numpy(numbers.reshape(shape))
    if name == "bfloat16":
        tensor = tensor.view(torch.bfloat16)
    if strides:
        # A layout with gaps or permuted dimensions is rebuilt; one that would need far more memory is not.
        extent = 1 + sum((size - 1) * stride for size, stride in zip(shape, strides, strict=True))
        if min(strides) > 0 and extent <= 8 * numel:
            tensor = torch.empty_strided(shape, strides, dtype=dtype).copy_(tensor)
    return tensor


def plain_text(text: str, limit: int) -> str:
    """A submission's text as one that is safe to display: cut to `limit`, without control characters."""
    return "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text[:limit])


def send(sock: socket.socket, value: Any, payload: bytes = b"") -> None:
    """Write one frame; WireError where `value` is larger than a frame may be.

    With a `payload`, `value` holds no tensors but a header, encoded before, that belongs to that payload.
    """
    header, own = encode(value)
    payload = payload or own
    if len(header) > MAX_HEADER or len(payload) > MAX_PAYLOAD:
        raise WireError(f"an answer of {(len(header) + len(payload)) / 2**20:.0f} MiB is too large to send")
    try:
        sock.sendall(b"".join((struct.pack(">IQ", len(header), len(payload)), header, payload)))
    except TimeoutError:
        raise DeadlinePassed from None
    except OSError:
        raise PeerGone from None


def receive(sock: socket.socket, deadline: float | None = None) -> Any:
    """Read one frame, by the absolute `deadline` (`time.monotonic`) where one is given."""
    return decode(*receive_frame(sock, deadline))


def receive_frame(sock: socket.socket, deadline: float | None = None) -> tuple[bytes, bytearray]:
    """Read one frame as (header, payload)."""
    header_size, payload_size = struct.unpack(">IQ", _read(sock, 12, deadline))
    if header_size > MAX_HEADER or payload_size > MAX_PAYLOAD:
        raise WireError("a frame announces more than the format allows")
    return bytes(_read(sock, header_size, deadline)), _read(sock, payload_size, deadline)


def _read(sock: socket.socket, size: int, deadline: float | None) -> bytearray:
    data = bytearray(size)
    view = memoryview(data)
    while view:
        if deadline is not None:
            left = deadline - time.monotonic()
            if left <= 0:
                raise DeadlinePassed
            sock.settimeout(left)
        try:
            count = sock.recv_into(view)
        except TimeoutError:
            raise DeadlinePassed from None
        except OSError:
            raise PeerGone from None
        if not count:
            raise PeerGone
        view = view[count:]
    return data
