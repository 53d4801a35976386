"""Public checks of the unit finetuning: `pytest exercises/finetuning`."""

from torch import tensor, zeros

from backpass.judging.assertions import agree, leaves_inputs_alone
from backpass.judging.cases import example
from backpass.judging.checks import check


@check(
    "finetuning.layerwise_rates",
    example(num_layers=3, base_lr=0.8, decay=0.5, returns=[0.2, 0.4, 0.8]),
    example(num_layers=4, base_lr=0.1, decay=0.9, returns=[0.0729, 0.081, 0.09, 0.1]),
    example(num_layers=1, base_lr=0.3, decay=0.5, returns=[0.3]),
)
def test_layerwise_rates_grow_towards_the_output(student, cases):
    agree(student, cases)


NETWORK = {"0.weight": zeros(8, 4), "0.bias": zeros(8), "1.weight": zeros(2, 8), "norm.weight": zeros(2)}
PICTURES = {"norm.scale": zeros(3), "conv": zeros(4, 3, 5, 5), "temperature": zeros(()), "bias": zeros(1, 6)}


@check(
    "finetuning.decay_groups",
    example(params=NETWORK, returns=(["0.weight", "1.weight"], ["0.bias", "norm.weight"])),
    example(params=PICTURES, returns=(["conv", "bias"], ["norm.scale", "temperature"])),
)
def test_decay_groups_go_by_dimensions(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "finetuning.finetune_step",
    example(
        params={"w": tensor([1.0, 2.0]), "b": tensor([3.0])},
        grads={"w": tensor([10.0, -10.0])},
        rates={"w": 0.1},
        trainable={"w"},
        returns={"w": tensor([0.0, 3.0]), "b": tensor([3.0])},
    ),
    example(
        params={"body": tensor([[1.0, -1.0]]), "neck": tensor([[0.5], [2.0]]), "head": tensor(4.0)},
        grads={"body": tensor([[2.0, 2.0]]), "neck": tensor([[1.0], [-3.0]]), "head": tensor(6.0)},
        rates={"body": 0.5, "neck": 0.25, "head": 0.5},
        trainable={"neck", "head"},
        returns={"body": tensor([[1.0, -1.0]]), "neck": tensor([[0.25], [2.75]]), "head": tensor(1.0)},
    ),
)
def test_finetune_step_moves_what_is_trained(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


WEIGHTS = [tensor([[1.0, -2.0]]), tensor([3.0])]


@check(
    "finetuning.l2_sp_penalty",
    example(weights=WEIGHTS, start=[tensor([[1.5, -1.0]]), tensor([1.0])], strength=0.1, returns=tensor(0.525)),
    example(weights=WEIGHTS, start=WEIGHTS, strength=0.1, returns=tensor(0.0)),
    example(
        weights=[tensor([0.5, -1.5, 2.0]), tensor([[4.0], [-0.25]])],
        start=[tensor([1.5, 1.5, -2.0]), tensor([[3.5], [0.75]])],
        strength=0.02,
        returns=tensor(0.545),
    ),
)
def test_l2_sp_penalty_measures_from_the_start(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "finetuning.ema_update",
    example(averages=[tensor([1.0, 2.0])], weights=[tensor([3.0, -2.0])], decay=0.75, returns=[tensor([1.5, 1.0])]),
    example(
        averages=[tensor([[0.5, -1.0]]), tensor(2.0)],
        weights=[tensor([[1.5, 4.0]]), tensor(-3.0)],
        decay=0.9,
        returns=[tensor([[0.6, -0.5]]), tensor(1.5)],
    ),
)
def test_ema_update_moves_a_little(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)
