"""The binary format between grader and worker: length-capped frames, no pickle, no objects.

A frame is a 4-byte length and a msgpack header, then an 8-byte length and the raw bytes of all tensors.
Lengths are checked before anything is allocated. Tensors arrive on the CPU. A value is None, bool, int,
float, str, bytes, a tensor, a generator, or a list, tuple or dict of these; everything else travels as its type's name.
"""

from __future__ import annotations

import math
import socket
import struct
import time
from dataclasses import dataclass
from typing import Any

import msgpack
import torch

MAX_HEADER = 4 * 2**20
MAX_PAYLOAD = 256 * 2**20
MAX_DEPTH = 16
MAX_TEXT = 20_000

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


def encode(value: Any) -> tuple[bytes, bytes]:
    """`value` as (header, payload)."""
    chunks: list[bytes] = []
    return msgpack.packb(_pack(value, chunks, 0)), b"".join(chunks)


def decode(header: bytes, payload: bytes) -> Any:
    """The value of a frame; WireError where it is malformed."""
    try:
        tree = msgpack.unpackb(header, max_ext_len=0, max_array_len=2**17, max_map_len=16, strict_map_key=True)
        return _unpack(tree, memoryview(payload), 0)
    except WireError:
        raise
    except Exception as error:
        raise WireError(f"malformed frame: {type(error).__name__}") from None


def _pack(value: Any, chunks: list[bytes], depth: int) -> Any:
    kind = type(value)
    if value is None or kind is bool or kind is float:
        return value
    if kind is int:
        return value if -(2**63) <= value < 2**63 else ["x", "int of more than 64 bits"]
    if kind is str:
        return value[:MAX_TEXT]
    if kind is bytes:
        return value
    if depth > MAX_DEPTH:
        return ["x", "a structure nested too deeply"]
    if isinstance(value, torch.Tensor):
        return _pack_tensor(value, chunks)
    if isinstance(value, float):  # numpy.float64 is one
        return float(value)
    if isinstance(value, tuple | list):
        tag = "u" if isinstance(value, tuple) else "l"
        return [tag, [_pack(item, chunks, depth + 1) for item in value]]
    if isinstance(value, dict):
        if not all(type(key) in (str, int) for key in value):
            return ["x", "dict with keys that are not strings"]
        return ["d", [[key, _pack(item, chunks, depth + 1)] for key, item in value.items()]]
    if isinstance(value, Seed):
        return ["g", value.seed]
    if isinstance(value, Unsupported):
        return ["x", value.type_name]
    return ["x", f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins.")[:100]]


def _pack_tensor(tensor: torch.Tensor, chunks: list[bytes]) -> Any:
    name = str(tensor.dtype).removeprefix("torch.")
    if name not in _DTYPES or tensor.layout is not torch.strided or tensor.device.type == "meta":
        return ["x", f"tensor of {tensor.dtype}, {tensor.layout}, on {tensor.device.type}"]
    plain = tensor.detach().resolve_conj().resolve_neg()
    strides = [] if plain.is_contiguous() else list(plain.stride())
    flat = torch.empty(plain.numel(), dtype=plain.dtype)  # reshape may keep odd strides of dimensions of size 1
    raw = flat.copy_(plain.reshape(-1)).view(torch.uint8).numpy().tobytes()
    offset = sum(map(len, chunks))
    chunks.append(raw)
    return ["t", name, list(plain.shape), strides, offset, len(raw)]


def _unpack(tree: Any, payload: memoryview, depth: int) -> Any:
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
    if tag == "d":
        return {key: _unpack(item, payload, depth + 1) for key, item in rest[0]}
    if tag == "g":
        return Seed(*rest)
    if tag == "x":
        return Unsupported(str(rest[0])[:200])
    raise WireError(f"malformed frame: unknown tag {tag!r:.20}")


def _unpack_tensor(
    payload: memoryview, name: str, shape: list[int], strides: list[int], offset: int, length: int
) -> torch.Tensor:
    dtype = _DTYPES[name]
    numel = math.prod(shape)
    if min(shape, default=0) < 0 or len(shape) > 16 or numel * dtype.itemsize != length:
        raise WireError("malformed frame: a tensor's shape and size disagree")
    if not 0 <= offset <= offset + length <= len(payload):
        raise WireError("malformed frame: a tensor outside the payload")
    if length == 0:
        return torch.empty(shape, dtype=dtype)
    flat = torch.frombuffer(bytearray(payload[offset : offset + length]), dtype=dtype)
    tensor = flat.reshape(shape)
    if strides:
        # A layout with gaps or permuted dimensions is rebuilt; one that would need far more memory is not.
        extent = 1 + sum((size - 1) * stride for size, stride in zip(shape, strides, strict=True))
        if min(strides) > 0 and extent <= 8 * numel:
            tensor = torch.empty_strided(shape, strides, dtype=dtype).copy_(tensor)
    return tensor


def send(sock: socket.socket, value: Any) -> None:
    """Write one frame; WireError where `value` is larger than a frame may be."""
    header, payload = encode(value)
    if len(header) > MAX_HEADER or len(payload) > MAX_PAYLOAD:
        raise WireError(f"an answer of {(len(header) + len(payload)) / 2**20:.0f} MiB is too large to send")
    try:
        sock.sendall(struct.pack(">IQ", len(header), len(payload)) + header + payload)
    except TimeoutError:
        raise DeadlinePassed from None
    except OSError:
        raise PeerGone from None


def receive(sock: socket.socket, deadline: float | None = None) -> Any:
    """Read one frame, by the absolute `deadline` (`time.monotonic`) where one is given."""
    sizes = _read(sock, 12, deadline)
    header_size, payload_size = struct.unpack(">IQ", sizes)
    if header_size > MAX_HEADER or payload_size > MAX_PAYLOAD:
        raise WireError("a frame announces more than the format allows")
    header = _read(sock, header_size, deadline)
    return decode(header, _read(sock, payload_size, deadline))


def _read(sock: socket.socket, size: int, deadline: float | None) -> bytes:
    parts: list[bytes] = []
    while size:
        if deadline is not None:
            left = deadline - time.monotonic()
            if left <= 0:
                raise DeadlinePassed
            sock.settimeout(left)
        try:
            part = sock.recv(min(size, 2**20))
        except TimeoutError:
            raise DeadlinePassed from None
        except OSError:
            raise PeerGone from None
        if not part:
            raise PeerGone
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
