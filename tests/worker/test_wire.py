"""The wire format: what goes in comes out, and what is malformed is refused before anything is allocated."""

import contextlib
import socket
import struct
import time

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from backpass.worker import wire

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**999), 2**999)
    | st.sets(st.text())
    | st.floats(allow_nan=False)
    | st.text()
)
values = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)


@given(values)
@settings(deadline=None, derandomize=True)
def test_plain_values_come_back(value):
    assert wire.decode(*wire.encode(value)) == value


@pytest.mark.parametrize(
    "dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64, torch.int64, torch.bool]
)
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 3), (1, 4)])
def test_tensors_come_back(dtype, shape):
    tensor = torch.ones(shape).to(dtype)
    back = wire.decode(*wire.encode(tensor))
    assert back.dtype == dtype
    assert torch.equal(back, tensor)


def test_strides_come_back():
    tensor = torch.arange(6.0).reshape(2, 3).T
    assert wire.decode(*wire.encode(tensor)).stride() == tensor.stride()


def test_odd_strides_of_dimensions_of_size_one_can_be_sent():
    tensor = torch.arange(6.0).reshape(3, 2)[:1, 0]
    assert torch.equal(wire.decode(*wire.encode(tensor)), tensor)


@pytest.mark.parametrize("value", [object(), {1.5: 2}, 2**1001, {1, 2}, torch.nn, lambda: None])
def test_objects_travel_as_a_type_name(value):
    assert isinstance(wire.decode(*wire.encode(value)), wire.Unsupported)


@pytest.mark.parametrize(
    "tree",
    [
        ["t", "float32", [10**9], [], 0, 4],
        ["t", "float32", [1], [], 8, 4],
        ["t", "float32", [-1], [], 0, 4],
        ["t", "object", [1], [], 0, 8],
        ["l", [["t", "uint8", [4], [], 0, 4], ["t", "uint8", [4], [], 0, 4]]],
        ["s", "l", ["t", "float32", [2**30, 0], [], 0, 0]],
        ["t", "float32", [2**30, 0], [], 0, 0],
        ["l", [["t", "float32", [0, 2**17], [], 0, 0]] * 8],
        ["l", [["l", [0] * 2**16]] * 8],
        ["d", [[b"key", 1]]],
        ["d", [[None, 1]]],
        ["z"],
        [],
        ["l"],
        ["d", [["a"]]],
    ],
)
def test_malformed_headers_are_refused(tree):
    import msgpack

    with pytest.raises(wire.WireError):
        wire.decode(msgpack.packb(tree), b"\0\0\0\0")


@given(st.binary(max_size=200), st.binary(max_size=50))
@settings(deadline=None, derandomize=True)
def test_noise_is_refused_or_harmless(header, payload):
    with contextlib.suppress(wire.WireError):
        wire.decode(header, payload)


def test_a_layout_with_gaps_has_a_budget():
    import msgpack

    size = 4 * 2**20
    header = msgpack.packb(["l", [["t", "uint8", [size], [8], number * size, size] for number in range(4)]])
    decoded = wire.decode(header, bytearray(4 * size))
    assert [tensor.stride(0) for tensor in decoded] == [8, 8, 1, 1]


def test_texts_of_a_submission_are_printable():
    value = ["\x1b[2J\N{RIGHT-TO-LEFT OVERRIDE}a\tb\n", {"\r::error::": 1}]
    decoded = wire.decode(*wire.encode(value), printable=True)
    assert decoded == ["\ufffd[2J\ufffda  b\n", {"\ufffd::error::": 1}]


def test_announced_sizes_are_checked_before_reading():
    left, right = socket.socketpair()
    left.sendall(struct.pack(">IQ", 10, 2**60))
    with pytest.raises(wire.WireError, match="announces more"):
        wire.receive(right, lambda: 1.0)


def test_half_a_frame_runs_into_the_deadline():
    left, right = socket.socketpair()
    left.sendall(struct.pack(">IQ", 10, 0) + b"abc")
    with pytest.raises(wire.DeadlinePassed):
        until = time.monotonic() + 0.2
        wire.receive(right, lambda: until - time.monotonic())
