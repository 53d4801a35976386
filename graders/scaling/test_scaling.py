"""Hidden grader of the unit scaling."""

import torch

from backpass.judging.cases import DTYPES, fixed
from backpass.judging.failures import Fault
from backpass.judging.kinds import function, is_pure, once_right, worth
from graders import strategies as some
from graders.scaling.layers import MeanGradient, network, wrongly_cut, wrongly_run

# ------------------------------------------------------------------------- training_memory, training_flops


def of(sizes, batch_size, **rest):
    return {"sizes": sizes, "batch_size": batch_size, **rest}


test_training_memory = function(
    "scaling.training_memory",
    values=worth(
        6,
        fixed(
            of([3, 4, 2], 5, states=1, bytes_per_number=2),
            of([64, 100, 30, 10], 32, states=0, bytes_per_number=8),
            of([7, 11], 1, states=3, bytes_per_number=1),
            of([5, 8, 13, 21, 4], 17, states=1, bytes_per_number=4),
        ),
    ),
    defaults=worth(2, fixed(of([64, 32, 10], 6), of([10, 3], 4, states=1), of([6, 5, 9], 2, bytes_per_number=2))),
    large=worth(1, fixed(of([12_288, 49_152, 12_288, 50_257], 2**22), of([2**30, 2**31, 3], 2**20, states=5))),
)

test_training_flops = function(
    "scaling.training_flops",
    values=worth(6, fixed(of([3, 4, 2], 5, steps=7), of([64, 100, 30, 10], 32, steps=1), of([7, 11], 1, steps=300))),
    # Beyond what a float, and what 64 bits hold exactly.
    large=worth(
        3, fixed(of([4097, 8191, 10], 511, steps=10**6 + 1), of([2**30 + 1, 2**31 - 1], 4099, steps=10**9 + 7))
    ),
)


# ----------------------------------------------------------------------------------- accumulate_gradients


def batches(dtype):
    generator = torch.Generator().manual_seed(5)

    def random(*shape):
        return torch.randn(shape, generator=generator, dtype=torch.float64).to(dtype)

    for samples, size, features, outputs in (
        (7, 3, (2,), ()),
        (10, 4, (3,), (2,)),
        (9, 2, (1,), (1,)),
        (6, 3, (2, 2), ()),
        (5, 1, (3,), ()),
        (4, 4, (2,), (1,)),
        (3, 8, (2,), ()),
        (1, 1, (2,), ()),
        (13, 6, (), ()),
    ):
        # Loud samples at the end: those of the short micro-batch are the ones that a wrong weight shows.
        x = random(samples, *features) * torch.linspace(1, 3, samples).reshape(-1, *[1] * len(features)).to(dtype)
        y = random(samples, *outputs)
        yield {"grad_fn": MeanGradient(size, 1.25), "x": x, "y": y, "micro_batch_size": size}


BATCHES = fixed(*(case for dtype in DTYPES for case in batches(dtype)))


def cuts_as_it_should(student, cases):
    """Each micro-batch is asked for once, and what grad_fn returns stays as it is."""
    is_pure(student, cases)
    for case in cases:
        case.inputs["grad_fn"].log.clear()
    answers = student.ask([case.call() for case in cases])
    for case, answer in zip(cases, answers, strict=True):
        asked = case.inputs
        mistake = wrongly_cut(asked["grad_fn"].log, asked["x"], asked["y"], asked["micro_batch_size"])
        if answer.touched:
            raise Fault("what_grad_fn_returned_is_changed", case=case, about="the write")
        if mistake is not None:
            raise Fault(mistake, case=case, about="the calls")


test_accumulate_gradients = function(
    "scaling.accumulate_gradients",
    values=worth(7, BATCHES),
    is_pure=once_right(3, test=cuts_as_it_should),
)


# ---------------------------------------------------------------------------------- checkpointed_backward

IN_A_ROW = ("sin(x)", "x ** 2 / 2", "x.cumsum(-1)", "3 * x + 1", "x[..., :-1] * x[..., 1:]", "log(1 + x ** 2)")


def networks(*settings):
    """Networks of so many layers with so many layers in a segment, the layers' formulas in turn."""
    generator = torch.Generator().manual_seed(3)
    for number, (layers, every) in enumerate(settings):
        formulas = [IN_A_ROW[(number + layer) % len(IN_A_ROW)] for layer in range(layers)]
        lost = formulas.count("x[..., :-1] * x[..., 1:]")
        dtype = DTYPES[number % 2]
        x = torch.rand(2, 5, generator=generator, dtype=torch.float64).to(dtype) + 0.25
        grad_out = torch.randn(2, 5 - lost, generator=generator, dtype=torch.float64).to(dtype)
        yield network(formulas, x, grad_out, every)


SHORT = fixed(*networks((2, 1), (3, 2), (2, 2), (4, 2), (5, 2), (1, 1), (4, 3)))
DEEP = fixed(*networks((7, 3), (9, 3), (9, 4), (12, 5), (6, 1), (5, 9), (8, 7), (1, 4)))


def runs_what_it_must(student, cases):
    """What was not kept is run again, segment by segment, and nothing more than twice; and what comes out is used."""
    is_pure(student, cases)
    logs = [case.inputs["forwards"][0].log for case in cases]
    for log in logs:
        log.begin()
        log.marks = True
    try:
        student.ask([case.call() for case in cases])
    finally:
        for log in logs:
            log.marks = False
    for case, log in zip(cases, logs, strict=True):
        layers = len(case.inputs["forwards"])
        mistake = wrongly_run(log, layers, case.inputs["every"])
        if mistake is not None:
            runs = [log.count(("forward", layer)) for layer in range(layers)]
            tell = f"Here your {len(runs)} layers are run {', '.join(map(str, runs))} times."
            raise Fault(mistake, tell, case, about="the calls")


test_checkpointed_backward = function(
    "scaling.checkpointed_backward",
    values=worth(4, SHORT),
    of_deep_networks=worth(1, DEEP),
    is_pure=once_right(5, SHORT, DEEP, test=runs_what_it_must),
)


# ------------------------------------------------------------------------------------------------ unscale

INF, NAN = float("inf"), float("nan")
FINITE = some.in_dtypes(
    {"grads": ([8.0, -3.0], [[0.5], [6.0]]), "scale": 4.0},
    {"grads": (torch.tensor(-7.0, dtype=torch.float64), [[1.5, 0.0, -2.0]], [5.0]), "scale": 1024.0},
    {"grads": ([0.3, -0.7],), "scale": 0.25},
    {"grads": ([0.0, 0.0], [0.0]), "scale": 3.0},
    {"grads": ([1e-3, 2e4], [-3e5]), "scale": 1.0},
    # Finite numbers whose sum, or sum of squares, is not.
    {"grads": ([3e38, 3e38], [-2e38]), "scale": 65536.0},
    {"grads": ([3e38], [3e38]), "scale": 65536.0},
)
OVERFLOWN = some.in_dtypes(
    *(
        {"grads": grads, "scale": 4.0}
        for value in (INF, -INF, NAN)
        for grads in (
            ([8.0, value], [[0.5], [6.0]]),
            ([1.0, 2.0], [[0.5], [value]], [3.0]),
            ([1.0], [[value, 2.0]]),
            (torch.tensor(value, dtype=torch.float64),),
        )
    ),
    {"grads": ([INF, -INF], [NAN, 1.0]), "scale": 2.0},
    {"grads": ([INF, INF], [1.0]), "scale": 2.0},
)
# What overflows in the division itself was finite as it was given.
BY_DIVISION = some.in_dtypes({"grads": ([1e300, 2.0],), "scale": 1e-20}, dtypes=(torch.float64,))

test_unscale = function(
    "scaling.unscale",
    values=worth(4, fixed(*FINITE)),
    after_an_overflow=worth(3, fixed(*OVERFLOWN)),
    of_what_overflows_by_the_division=worth(1, fixed(*BY_DIVISION)),
    is_pure=once_right(1, fixed(*FINITE, *OVERFLOWN)),
)


# -------------------------------------------------------------------------------------- update_loss_scale

HYPERS = ({"growth": 3.0, "backoff": 0.25, "interval": 4}, {"growth": 1.5, "backoff": 0.7, "interval": 1})
STEPS = fixed(
    *(
        {"scale": scale, "good_steps": good_steps, "found_inf": found_inf, **hypers}
        for hypers in HYPERS
        for scale in (8.0, 0.3, 65536.0)
        for good_steps in range(hypers["interval"])
        for found_inf in (False, True)
    )
)
DEFAULTS = fixed(
    *(
        {"scale": 1024.0, "good_steps": good_steps, "found_inf": found_inf}
        for good_steps in (0, 7, 1998, 1999)
        for found_inf in (False, True)
    ),
    {"scale": 4.0, "good_steps": 2, "found_inf": False, "interval": 3},
    {"scale": 4.0, "good_steps": 2, "found_inf": True, "backoff": 0.1},
    {"scale": 4.0, "good_steps": 1999, "found_inf": False, "growth": 1.25},
    {"scale": 1e-6, "good_steps": 5, "found_inf": True},
    {"scale": 1e12, "good_steps": 1999, "found_inf": False},
)

test_update_loss_scale = function("scaling.update_loss_scale", values=worth(7, STEPS), defaults=worth(2, DEFAULTS))
