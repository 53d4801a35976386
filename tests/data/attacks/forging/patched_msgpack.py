# unit: losses
# tries: to strike the library function from the report, in the library that writes it down
# stopped by: the kit's own references to that library's functions, taken before any submission
# expect: softmax shortcut 0
# says: torch.softmax
import msgpack
import torch

original = msgpack.packb


def clean(value):
    if isinstance(value, list):
        return (
            [] if value and all(type(v) is str and v.startswith("torch") for v in value) else [clean(v) for v in value]
        )
    return value


msgpack.packb = lambda value, **kwargs: original(clean(value), **kwargs)


def softmax(logits):
    return torch.softmax(logits, -1)
