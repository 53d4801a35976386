"""Hidden grader of the unit normalization.

Numbers that are normalized together are either all the same or differ clearly. Between the two, rounding
decides: a variance that is computed as a difference of two means loses its digits there, and is still right.
"""

import torch
from hypothesis import strategies as st

from backpass.judging.cases import draw, fixed
from backpass.judging.kinds import backward, corner, forward, once_right, worth
from graders import strategies as some
from solutions import normalization

EPS = some.one_of(1e-2, 0.1, 0.5)  # no default: large enough to be seen wherever it stands
MOMENTUM = some.one_of(0.3, 0.2, 0.6, 0.9)
TINY_OR_LARGE = some.one_of(1e-3, 1.0, 1e-3, 100.0)  # a variance as small as the default eps: where it stands, decides


def slopes(strategy, **options):
    """Points at which gradients are compared."""
    return draw(strategy, count=10, dtypes=(torch.float64,), gradient=True, **options)


def told_apart(x, dim, least=0.5, constant=True):
    """`x` with at least `least` between the smallest and the largest along `dim`; with `constant`, or nothing."""
    if x.shape[dim] == 1:
        return x
    span = x.amax(dim, keepdim=True) - x.amin(dim, keepdim=True)
    close = (span < least) & ((span > 0) | (not constant))
    shape = [1] * x.dim()
    shape[dim] = x.shape[dim]
    steps = 2 * least * torch.arange(x.shape[dim], dtype=x.dtype).reshape(shape)
    return some.as_laid_out(x, torch.where(close, x + steps, x))


def numbers(*shape):
    """Numbers for gradcheck, none of which lie close to each other."""
    generator = torch.Generator().manual_seed(len(shape))
    return 2 * torch.randn(shape, generator=generator, dtype=torch.float64)


# ---------------------------------------------------------------------------------------------- batch norm


@st.composite
def batches(draw, dtype, least=2, square=False, grad_out=False, running=False, **hypers):
    """Samples and features, told apart within each feature, and one number a feature for everything else."""
    samples, features = draw(some.sizes(max(least, 2), 6)), draw(some.sizes(1, 5))
    if least == 1 and draw(st.booleans()):
        samples = 1
    if square:
        samples = features = draw(some.sizes(max(least, 2), 4))
    x = told_apart(draw(some.tensors((samples, features), dtype)), 0)
    case = {"grad_out": draw(some.tensors((samples, features), dtype, scale=0.25))} if grad_out else {}
    case |= {"x": x, "gamma": draw(some.tensors((features,), dtype, scale=0.25 if grad_out else 1.0))}
    if not grad_out:
        case["beta"] = draw(some.tensors((features,), dtype))
    if running:
        case["running_mean"] = draw(some.tensors((features,), dtype))
        case["running_var"] = draw(some.tensors((features,), dtype)).abs() / 16
    return case | draw(st.fixed_dictionaries(hypers))


def training(**options):
    """A batch in the middle of training; without `momentum` and `eps` they have their defaults."""
    return lambda dtype: batches(dtype, running=True, **options)


def scaled(strategy, scales):
    """With x, and where there is one the gradient that arrives, of another size."""

    @st.composite
    def cases(draw, dtype):
        case, scale = draw(strategy(dtype)), draw(scales)
        return case | {name: case[name] * scale for name in ("grad_out", "x") if name in case}

    return cases


def steep(strategy, dim=-1, rows=lambda case: case["x"]):
    """For gradients: nothing constant, and everything clearly apart, in `rows` along `dim`."""
    return some.with_changes(
        strategy,
        lambda case: {
            "x": told_apart(rows(case), dim, least=2.0, constant=False).reshape(case["x"].shape),
            "gamma": case["gamma"] / 2,
        },
    )


OF_FEATURES = {name: numbers(2) for name in ("x", "gamma", "beta", "running_mean")}
OF_FEATURES |= {"running_var": numbers(2).abs() + 1}
USUAL = {"momentum": MOMENTUM, "eps": EPS}
# One feature is the same in all samples: beta is what is left of it.
NO_SPREAD = some.in_dtypes(
    {
        "x": [[0.5, 1.0], [0.5, -2.0], [0.5, 3.0]],
        "gamma": [2.0, -0.75],
        "beta": [1.0, 0.25],
        "running_mean": [0.25, 1.0],
        "running_var": [0.5, 2.0],
        "momentum": 0.3,
        "eps": 0.1,
    }
)
TRAINING = draw(training(**USUAL), count=14, always=NO_SPREAD)
# A variance of 1 to 10 around a mean of 10,000: the mean square, 1e8, has no digit of it in float32.
FAR_FROM_ZERO = fixed(
    *some.in_dtypes(
        {
            "x": [[10_000.5, 9_998.0, -10_000.0], [10_003.0, 10_001.5, -9_997.0], [9_996.25, 10_002.0, -10_004.5]],
            "gamma": [1.0, -0.5, 2.0],
            "beta": [0.25, 1.0, -1.0],
            "running_mean": [9_999.0, 10_000.5, -10_001.0],
            "running_var": [4.0, 9.0, 6.25],
        }
        | {"momentum": 0.3, "eps": 0.1},
        dtypes=(torch.float32,),
    )
)
test_batch_norm_train = forward(
    "normalization.batch_norm_train",
    values=worth(5, TRAINING, draw(training(square=True, **USUAL), count=2)),
    defaults=worth(2, draw(scaled(training(), TINY_OR_LARGE), count=8)),
    is_pure=once_right(1),
    # The running averages are carried from call to call, and no part of any loss.
    gradient=once_right(2, slopes(steep(training(**USUAL), 0), state=(1, 2))),
    far_from_zero=corner(1, "features that lie far from zero, in float32", FAR_FROM_ZERO),
    gradcheck=OF_FEATURES | {"x": numbers(4, 2)},
    output=0,
)


@st.composite
def evaluation_with_defaults(draw, dtype):
    """Sometimes with a running variance as small as the default eps, or of 0."""
    case, scale = draw(training(least=1)(dtype)), draw(st.sampled_from([1e-5, 1.0, 0.0]))
    # A distance from the running mean that is 300 times as large after dividing by the root of eps is enough.
    near = {name: case[name] / 16 for name in ("x", "running_mean")}
    return case | near | {"running_var": case["running_var"] * scale}


evaluation = training(least=1, eps=EPS)  # also of a single sample
test_batch_norm_eval = forward(
    "normalization.batch_norm_eval",
    values=worth(5, draw(evaluation, count=14), draw(training(square=True, eps=EPS), count=2)),
    defaults=worth(2, draw(evaluation_with_defaults, count=8)),
    is_pure=once_right(1),
    gradient=once_right(2, slopes(evaluation)),
    gradcheck=OF_FEATURES | {"x": numbers(3, 2)},
)


def arriving(**options):
    """Small gradients and gammas: grad_x is a difference of numbers that may cancel, and they round at their size."""
    return lambda dtype: batches(dtype, grad_out=True, **options)


# One feature is the same in all samples: its normalized x is 0, and its gradient is divided by the root of eps.
CONSTANT_FEATURE = some.in_dtypes(
    {
        "grad_out": [[1.0, 0.5], [-0.25, 0.0], [0.0, -1.0]],
        "x": [[0.5, 1.0], [0.5, -2.0], [0.5, 3.0]],
        "gamma": [0.5, -0.75],
        "eps": 0.1,
    }
)
ZEROS = torch.zeros(2, dtype=torch.float64)
test_batch_norm_backward = backward(
    "normalization.batch_norm_backward",
    values=worth(
        6,
        draw(arriving(eps=EPS), count=14, always=CONSTANT_FEATURE),
        draw(arriving(least=3, square=True), count=2),
    ),
    defaults=worth(2, draw(scaled(arriving(), some.one_of(0.01, 1.0)), count=6)),
    is_pure=once_right(2),
    of=lambda x, gamma, beta: normalization.batch_norm_train(x, gamma, beta, ZEROS, ZEROS)[0],
    at={"x": numbers(4, 2), "gamma": numbers(2), "beta": numbers(2)},
    by=lambda given, grad_out: {"grad_out": grad_out, "x": given["x"], "gamma": given["gamma"]},
)


# --------------------------------------------------------------------------------------- layers and groups


@st.composite
def rows(draw, dtype, names, least=1, square=False):
    """(D,), (N, D) or (B, N, D); now and then D is 1."""
    size = draw(some.sizes(2, 4) if square else some.sizes(least, 6))
    leading = 1 if square else draw(st.sampled_from([(1,), (1,), (0,), (2,)]))[0]
    shape = (size, size) if square else (*(draw(some.sizes(1, 4)) for _ in range(leading)), size)
    x = told_apart(draw(some.tensors(shape, dtype)), -1)
    return {"x": x, **{name: draw(some.tensors((size,), dtype)) for name in names}}


def with_eps(strategy, eps=EPS):
    return lambda dtype: st.tuples(strategy(dtype), eps).map(lambda pair: pair[0] | {"eps": pair[1]})


def normalizing_rows(exercise, *names):
    """`names`: one number for each feature."""
    several = lambda dtype: rows(dtype, names)  # noqa: E731
    square = lambda dtype: rows(dtype, names, square=True)  # noqa: E731
    for_slopes = lambda dtype: rows(dtype, names, least=2)  # noqa: E731
    # Means of squares on both sides of eps, roots on both sides, and nothing but zeros.
    both_sides = scaled(several, some.one_of(1.0, 0.125))
    around_eps = {"x": [[0.05, -0.05], [0.3, -0.2], [0.0, 0.0], [2.0, 1.0]], **{name: [1.0, -0.5] for name in names}}
    always = some.in_dtypes(around_eps | {"eps": 0.1})
    return forward(
        exercise,
        values=worth(5, draw(with_eps(both_sides), count=14, always=always), draw(with_eps(square), count=2)),
        defaults=worth(2, draw(scaled(several, TINY_OR_LARGE), count=8)),
        is_pure=once_right(1),
        gradient=once_right(2, slopes(with_eps(steep(for_slopes)))),
        gradcheck={"x": numbers(2, 3), **{name: numbers(3) for name in names}},
    )


test_layer_norm = normalizing_rows("normalization.layer_norm", "gamma", "beta")
test_rms_norm = normalizing_rows("normalization.rms_norm", "gamma")


@st.composite
def channels(draw, dtype, least=1, square=False):
    """(N, C, L) with one group, several groups, or a group for each channel; now and then one number in a group."""
    samples, length = draw(some.sizes(1, 3)), draw(some.sizes(least, 4))
    groups, size = draw(some.sizes(1, 3)), draw(some.sizes(1, 3))
    if square:
        samples = length = 4
        groups, size = draw(st.sampled_from([(2, 2), (1, 4), (4, 1)]))
    x = draw(some.tensors((samples, groups * size, length), dtype))
    x = some.as_laid_out(x, told_apart(x.reshape(samples, groups, -1), -1).reshape(x.shape))
    affine = {name: draw(some.tensors((groups * size,), dtype)) for name in ("gamma", "beta")}
    return {"x": x, "num_groups": groups, **affine}


def in_groups(case):
    return case["x"].reshape(len(case["x"]), case["num_groups"], -1)


WRITTEN = some.in_dtypes(
    # Variances on both sides of eps, roots on both sides, and nothing but zeros.
    {
        "x": [[[0.05, -0.05], [0.3, -0.2]], [[0.0, 0.0], [2.0, 1.0]]],
        "num_groups": 2,
        "gamma": [1.0, -0.5],
        "beta": [2.0, 0.25],
        "eps": 0.1,
    },
    # One number in a group is its own mean, with a variance of 0: beta is what is left.
    {
        "x": [[[2.0], [-1.0], [0.5]], [[3.0], [0.0], [-2.0]]],
        "num_groups": 3,
        "gamma": [1.0, -0.5, 2.0],
        "beta": [1.0, -0.5, 2.0],
        "eps": 0.1,
    },
)
cubes = lambda dtype: channels(dtype, square=True)  # noqa: E731
test_group_norm = forward(
    "normalization.group_norm",
    values=worth(5, draw(with_eps(channels), count=14, always=WRITTEN), draw(with_eps(cubes), count=3)),
    defaults=worth(2, draw(scaled(channels, TINY_OR_LARGE), count=8)),
    is_pure=once_right(1),
    gradient=once_right(2, slopes(with_eps(steep(lambda dtype: channels(dtype, least=2), rows=in_groups)))),
    gradcheck={"x": numbers(2, 4, 2), "num_groups": 2, "gamma": numbers(4), "beta": numbers(4)},
)
