"""Functions of the course's that a submission may call, over the worker's socket.

Arguments that are functions come from a check, and are carried out by the grader; references, in the place of
functions of its own, by another worker.
"""

from __future__ import annotations

import builtins
import socket
import struct
from collections.abc import Callable
from typing import Any

import numpy
import torch

from backpass.worker.wire import MAX_HEADER, MAX_PAYLOAD, Callback, Seed, Unsupported, encode, receive, send

OWN = -1  # from here down: the keys of functions that a submission lends to a reference
REFUSED = {"raised": ["RuntimeError", "it cannot be computed for these arguments"]}
_TWISTER = struct.Struct("<QiiQ624Q")  # a Mersenne twister's seed, how many numbers are left, whether seeded, the next
_GENERATOR = Seed(0)  # stands for the next of the generators whose states travel along


def remote(sock: socket.socket, key: int | str) -> Callable[..., Any]:
    """The function that the grader knows as `key`. Gradients flow back through it to tensors among its arguments."""

    def ask(args: tuple[Any, ...], kwargs: dict[str, Any], cotangent: Any = None) -> Any:
        states = _states(args, kwargs)
        lent: list[Callable[..., Any]] = []
        plain = [_place_holder(value, lent) for value in args]
        named = {name: _place_holder(value, lent) for name, value in kwargs.items()}
        send(sock, {"callback": key, "args": plain, "kwargs": named, "cotangent": cotangent, "states": states})
        reply = receive(sock)
        while "callback" in reply:
            send(sock, carry_out(lent[OWN - reply["callback"]], reply))
            reply = receive(sock)
        for generator, state in zip(_generators(args, kwargs), reply.get("states", ()), strict=False):
            generator.set_state(state)
        if "raised" in reply:
            kind, text = reply["raised"]
            error = getattr(builtins, kind, RuntimeError)
            raise (error if isinstance(error, type) and issubclass(error, Exception) else RuntimeError)(text)
        return reply["value"]

    class Differentiable(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, args: Any, kwargs: Any, *tensors: torch.Tensor) -> Any:
            ctx.given = args, kwargs
            ctx.device = tensors[0].device
            return _to(ctx.device, ask(args, kwargs))

        @staticmethod
        def backward(ctx: Any, *cotangents: torch.Tensor) -> Any:
            args, kwargs = ctx.given
            grads = ask(args, kwargs, list(cotangents))
            return (None, None, *_to(ctx.device, grads))

    def function(*args: Any, **kwargs: Any) -> Any:
        tensors = differentiable(args, kwargs)
        if torch.is_grad_enabled() and any(tensor.requires_grad for tensor in tensors):
            return Differentiable.apply(args, kwargs, *tensors)  # type: ignore[no-untyped-call]
        value = ask(args, kwargs)
        return _to(tensors[0].device, value) if tensors else value

    function.key = key  # type: ignore[attr-defined]
    return function


def with_remotes(request: dict[str, Any], sock: socket.socket) -> dict[str, Any]:
    """A request to call a function of this process's, with functions in the place of what stands for them."""

    def of(value: Any) -> Any:
        return remote(sock, value.number) if isinstance(value, Callback) else value

    args, kwargs = request["args"], request["kwargs"]
    return {**request, "args": [of(value) for value in args], "kwargs": {key: of(each) for key, each in kwargs.items()}}


def differentiable(args: Any, kwargs: dict[str, Any]) -> list[torch.Tensor]:
    """The floating-point tensors among arguments, in order."""
    return [
        value for value in (*args, *kwargs.values()) if isinstance(value, torch.Tensor) and value.is_floating_point()
    ]


def _to(device: torch.device, value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        return value.to(device)
    if isinstance(value, list | tuple):
        return type(value)(_to(device, item) for item in value)
    return value


def _generators(args: Any, kwargs: dict[str, Any]) -> list[torch.Generator]:
    return [value for value in (*args, *kwargs.values()) if isinstance(value, torch.Generator)]


def _states(args: Any, kwargs: dict[str, Any]) -> list[Any]:
    """The generators among arguments, in order, as (device, state): what is drawn over there is drawn here as well."""
    return [(generator.device.type, generator.get_state()) for generator in _generators(args, kwargs)]


def _place_holder(value: Any, lent: list[Callable[..., Any]]) -> Any:
    """What stands for an argument; a function of the submission's own is `lent`, and called while its call waits."""
    if isinstance(value, numpy.integer):
        return int(value)
    if callable(value):
        key = getattr(value, "key", None)
        if type(key) is int:
            return Callback(key)
        lent.append(value)
        return Callback(OWN + 1 - len(lent))
    return _GENERATOR if isinstance(value, torch.Generator) else value


def encoded(reply: dict[str, Any]) -> tuple[bytes, bytes]:
    """The frame of a reply; a refusal where it is larger than a frame may be."""
    header, payload = encode(reply)
    return (header, payload) if len(header) <= MAX_HEADER and len(payload) <= MAX_PAYLOAD else encode(REFUSED)


def _restored(device: str, state: torch.Tensor) -> torch.Generator:
    """A generator in the state that a submission tells, if it can be one.

    Torch believes that it is, and draws from the memory behind it where its position and its rest do not fit.
    """
    if device == "cpu":
        _, left, _, following, *_ = _TWISTER.unpack_from(state.numpy().tobytes())
        if not (1 <= left <= 624 and left + following == 625) and (left, following) != (1, 0):
            raise ValueError("no state of a generator")
    return torch.Generator(device).set_state(state)


def carry_out(function: Callable[..., Any], request: dict[str, Any]) -> dict[str, Any]:
    """The reply to a submission that calls `function`; what it raises is part of the reply."""
    try:
        args, kwargs, cotangent = request["args"], request["kwargs"], request["cotangent"]
        strange = next((each for each in (*args, *kwargs.values()) if isinstance(each, Unsupported)), None)
        if strange is not None:
            raise TypeError(f"the function is called with what it cannot take, of type {strange.type_name}")
        generators = [_restored(device, state) for device, state in request["states"]]
        restored = iter(generators)
        args = [next(restored) if isinstance(value, Seed) else value for value in args]
        kwargs = {name: next(restored) if isinstance(value, Seed) else value for name, value in kwargs.items()}
        if cotangent is None:
            value = function(*args, **kwargs)
            return {"value": value, "states": [generator.get_state() for generator in generators]}
        args = [_leaf(value) for value in args]
        kwargs = {name: _leaf(value) for name, value in kwargs.items()}
        out = function(*args, **kwargs)
        outs = [out] if isinstance(out, torch.Tensor) else list(out)
        leaves = differentiable(args, kwargs)
        grads = torch.autograd.grad(outs, leaves, cotangent, allow_unused=True, materialize_grads=True)
        return {"value": list(grads)}
    except Exception as error:  # it was given whatever the submission likes
        return {"raised": [type(error).__name__, str(error)[:200]]}


def _leaf(value: Any) -> Any:
    is_leaf = isinstance(value, torch.Tensor) and value.is_floating_point()
    return value.detach().clone().requires_grad_() if is_leaf else value
