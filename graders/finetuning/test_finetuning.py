"""Hidden grader of the unit finetuning."""

from dataclasses import replace

import torch
from hypothesis import strategies as st

from backpass.judging.cases import DTYPES, Draw, draw, fixed
from backpass.judging.failures import Fault
from backpass.judging.kinds import forward, function, is_pure, once_right, worth
from graders import strategies as some

# ---------------------------------------------------------------------------------------- layerwise_rates


class Rates(Draw):
    """Cases whose result is a list of rates, each right to 1e-5 of itself: a power taken in float32 is."""

    def make(self, inputs, parameters, reference):
        case = super().make(inputs, parameters, reference)
        return replace(case, tolerance=[1e-5 * abs(rate) for rate in case.expected])


def layers(*settings):
    return Rates(
        None, always=tuple(dict(zip(("num_layers", "base_lr", "decay"), each, strict=True)) for each in settings)
    )


test_layerwise_rates = function(
    "finetuning.layerwise_rates",
    values=worth(7, layers((4, 0.8, 0.5), (3, 2.5, 0.9), (6, 3e-4, 0.65), (2, 0.07, 0.3), (13, 1.7, 0.95))),
    at_the_ends=worth(
        2, layers((1, 0.3, 0.5), (1, 0.3, 0.0), (4, 0.3, 0.0), (5, 0.3, 1.0), (3, 0.2, 1.5), (30, 1e-5, 0.4))
    ),
)


# ------------------------------------------------------------------------------------------- decay_groups


def network(**shapes):
    """Parameters of these shapes; in names, two underscores stand for a dot."""
    return {"params": {name.replace("__", "."): torch.ones(shape) for name, shape in shapes.items()}}


NETWORKS = fixed(
    network(z__weight=(3, 4), z__bias=(3,), norm__weight=(4,), a__weight=(2, 3), a__bias=(2,)),
    # What a tensor is called, and how many numbers it has, says nothing.
    network(bias_table=(5, 5), weight=(7,), conv__bias=(1, 1), embedding=(1, 6), column=(6, 1), layer_norm=(3, 3)),
    network(kernel=(2, 3, 3, 3), gain=(1,), scale=(), temporal=(2, 1, 4), matrix=(100, 1), vector=(900,)),
    network(norm__weight=(4,), head__bias=(2,), weights=(2, 3), weight_table=(3, 3), bias_of_all=(3,)),
    network(norm__weight=(4,), head__bias=(2,)),
    network(linear=(2, 2)),
    network(b=(2, 2), a=(2, 2), B=(3,), A=(3,), c=(1, 1, 1)),
)

test_decay_groups = function("finetuning.decay_groups", values=worth(9, NETWORKS))


# ------------------------------------------------------------------------------------------ finetune_step

SHAPES = {"embed": (3, 2), "0.weight": (2, 3), "0.bias": (2,), "head": (1, 2), "scale": ()}


@st.composite
def halfway(draw, dtype):
    """A network of which some tensors are trained; of the frozen ones, gradients and rates are there or not."""
    names = draw(st.permutations(list(SHAPES)))
    cut = draw(st.integers(1, len(names) - 1))
    known = set(names[:cut]) | {name for name in names if draw(st.booleans())}
    numbers = st.sampled_from([0.1, 0.5, 0.03, 1.25])

    def tensors(some_names):
        return {name: draw(some.tensors(SHAPES[name], dtype)) for name in SHAPES if name in some_names}

    return {
        "params": tensors(names),
        "grads": tensors(known),
        "rates": {name: draw(numbers) for name in names if name in known},
        "trainable": set(names[:cut]),
    }


def written_steps(dtype):
    params = {"a": torch.tensor([1.5, -2.0], dtype=dtype), "b": torch.tensor([[0.25], [4.0]], dtype=dtype)}
    grads = {"a": torch.tensor([-3.0, 0.5], dtype=dtype), "b": torch.tensor([[7.0], [-0.75]], dtype=dtype)}
    yield {"params": params, "grads": grads, "rates": {"a": 0.3, "b": 20.0}, "trainable": {"a", "b"}}
    yield {"params": params, "grads": {}, "rates": {}, "trainable": set()}
    yield {"params": params, "grads": {"b": grads["b"]}, "rates": {"b": 0.3}, "trainable": {"b"}}
    yield {"params": params, "grads": grads, "rates": {"a": 0.3}, "trainable": {"a"}}
    yield {"params": params, "grads": {"a": grads["a"]}, "rates": {"a": 0.3, "b": 0.7}, "trainable": {"a"}}
    none = {name: torch.full_like(grad, torch.nan) for name, grad in grads.items()}
    yield {"params": params, "grads": none | {"a": grads["a"]}, "rates": {"a": 2e-4, "b": 0.7}, "trainable": {"a"}}


def all_known(dtype):
    """A step in which frozen tensors have finite gradients and rates, too: they are not looked at."""
    params, grads = ({name: torch.full(SHAPES[name], size, dtype=dtype) for name in SHAPES} for size in (1.5, -0.75))
    return {"params": params, "grads": grads, "rates": dict.fromkeys(SHAPES, 0.5), "trainable": {"embed", "scale"}}


HALFWAY = draw(halfway, count=10, always=tuple(map(all_known, DTYPES)))
WRITTEN_STEPS = fixed(*(case for dtype in DTYPES for case in written_steps(dtype)))


def keeps_the_frozen_tensors(student, cases):
    """What is frozen is handed on as the object that it is."""
    is_pure(student, cases)
    for case, answer in zip(cases, student(cases), strict=True):
        if not case.inputs["params"].keys() - case.inputs["trainable"] <= set(answer.kept):
            raise Fault("frozen_tensors_copied", case=case)


test_finetune_step = function(
    "finetuning.finetune_step",
    values=worth(5, HALFWAY),
    of_all_of_none_and_of_one=worth(2, WRITTEN_STEPS),
    is_pure=once_right(3, HALFWAY, WRITTEN_STEPS, test=keeps_the_frozen_tensors),
)


# ------------------------------------------------------------------------------------------ l2_sp_penalty


@st.composite
def on_the_way(draw, dtype):
    shapes = [draw(some.ANY_SHAPE) for _ in range(draw(st.sampled_from([2, 1, 3])))]
    weights, start = ([draw(some.tensors(shape, dtype)) for shape in shapes] for _ in range(2))
    return {"weights": weights, "start": start, "strength": draw(some.one_of(0.1, 0.01, 2.5, 0.5))}


DISTANCES = draw(
    on_the_way,
    count=10,
    always=some.in_dtypes(
        {
            "weights": ([[1.5, -2.0]], [[0.25, 3.0]], torch.tensor(-0.5)),
            "start": ([[0.5, 1.0]], [[0.75, -3.0]], torch.tensor(2.0)),
            "strength": 0.5,
        },
        {"weights": ([2.0, -1.0],), "start": ([2.0, -1.0],), "strength": 3.0},
        {"weights": ([0.0, 0.0], [0.0]), "start": ([1.5, -0.5], [2.0]), "strength": 0.25},
        {"weights": ([1.5, -2.0, 0.25],), "start": ([0.5, 1.0, 0.5],), "strength": 0.0},
        # Hardly any way, as fine-tuning goes: the squares of large weights, multiplied out, would cancel.
        {"weights": ([100.07, -37.46, 7.3],), "start": ([100.0, -37.5, 7.301],), "strength": 2.5},
    ),
)

test_l2_sp_penalty = forward(
    "finetuning.l2_sp_penalty",
    values=worth(6, DISTANCES),
    gradient=once_right(3, draw(on_the_way, count=8, gradient=True)),
)


# --------------------------------------------------------------------------------------------- ema_update


@st.composite
def averaging(draw, dtype):
    shapes = [draw(some.ANY_SHAPE) for _ in range(draw(st.sampled_from([2, 1, 3])))]
    averages, weights = ([draw(some.tensors(shape, dtype)) for shape in shapes] for _ in range(2))
    return {"averages": averages, "weights": weights, "decay": draw(some.one_of(0.9, 0.75, 0.3, 0.99))}


AT_THE_ENDS = fixed(
    *some.in_dtypes(
        *(
            {"averages": ([1.5, -2.0], [[0.25]]), "weights": ([-4.0, 3.0], [[8.0]]), "decay": decay}
            for decay in (0.0, 1.0, 0.9999, 0.001)
        ),
        {"averages": ([0.0, 0.0], [0.0]), "weights": ([-4.0, 3.0], [8.0]), "decay": 0.9},
        {"averages": ([3000.0, -2e-6],), "weights": ([-4e-5, 5e6],), "decay": 0.6},
    )
)

test_ema_update = function(
    "finetuning.ema_update",
    values=worth(6, draw(averaging, count=10)),
    at_the_ends=worth(2, AT_THE_ENDS),
    is_pure=once_right(2),
)
