"""Hidden grader of the unit landscape."""

from dataclasses import replace

import torch
from hypothesis import strategies as st

from backpass.judging.cases import ROUNDINGS, Draw, draw, fixed
from backpass.judging.failures import Description, Fault
from backpass.judging.kinds import function, once_right, worth
from backpass.worker.calls import Call
from graders import strategies as some
from graders.backprop.differences import FORMULAS, SIZES, STEPS, function_of

# ---------------------------------------------------------------------------------------- slopes and products


def slopes_of(g, x):
    """The absolute values of all derivatives of g at x: outputs by inputs."""
    numbers = x.double().reshape(-1)
    slopes = torch.autograd.functional.jacobian(lambda flat: g(flat.reshape(x.shape)).reshape(-1), numbers)
    return slopes.abs().reshape(-1, len(numbers))


class Differences(Draw):
    """Cases whose result is a difference of two nearly equal numbers divided by h, which magnifies their rounding."""

    def make(self, inputs, parameters, reference):
        case = super().make(inputs, parameters, reference)
        (g, x, walk), h = list(inputs.values())[:3], inputs.get("h", parameters["h"])
        slopes, far = slopes_of(g, x), x.double().abs() + h * walk.double().abs()
        # g rounds its value and the numbers that it adds up; x + h * walk is rounded, which the slopes pass on.
        passing = g(x).double().abs().reshape(-1) + x.numel() + slopes @ far.reshape(-1)
        allowed = ROUNDINGS * torch.finfo(case.dtype).eps * passing / h
        return replace(case, tolerance=case.tolerance + allowed.reshape(case.expected.shape))


def walks(name, walk, functions):
    """A function, a point, a way to walk and perhaps a step."""

    @st.composite
    def drawn(draw, dtype):
        shape, text = draw(SIZES), draw(st.sampled_from(list(functions)))
        h = draw(st.sampled_from(STEPS[dtype]))
        x, direction = (draw(some.tensors(shape, dtype, scale=0.3, layouts=False)) for _ in range(2))
        given = {name: function_of(text, shape, functions[text]), "x": x, walk: direction}
        return given | ({} if h is None else {"h": h})

    return drawn


GRADIENTS = {
    "3 * k * x ** 2, where k = 1, 2, ... numbers the elements": lambda x, k: 3 * k * x**2,
    "k * cos(k * x), where k = 1, 2, ... numbers the elements": lambda x, k: k * (k * x).cos(),
    "2 * k * (sum of k * x), where k = 1, 2, ... numbers the elements": lambda x, k: 2 * k * (k * x).sum(),
    "(k * x).exp() * (sum of x), where k = 1, 2, ... numbers the elements": lambda x, k: (k * x).exp() * x.sum(),
}


def at(name, walk, direction, x, text, compute, **options):
    x, direction = torch.tensor(x, dtype=torch.float64), torch.tensor(direction, dtype=torch.float64)
    return {name: function_of(text, x.shape, compute), "x": x, walk: direction} | options


# The default of h is visible in what wiggles quickly; at a corner only both sides together are 0.
SIZES_OF_X = "sum of k * abs(x), where k = 1, 2, ... numbers the elements"
TELLING_SLOPES = (
    at("f", "direction", [1.0, 0.5], [0.3, -0.2], "sum of sin(1000 * x)", lambda x, k: (1000 * x).sin().sum()),
    at("f", "direction", [4.0, -3.0], [0.0, -3.0], SIZES_OF_X, lambda x, k: (k * x.abs()).sum(), h=0.1),
    at("f", "direction", [0.0, 0.0], [1.0, 2.0], "sum of x ** 3", lambda x, k: (x**3).sum(), h=0.1),
)
TELLING_PRODUCTS = (
    at("grad_fn", "v", [1.0, 0.5], [0.3, -0.2], "sin(1000 * x)", lambda x, k: (1000 * x).sin()),
    at("grad_fn", "v", [4.0, -3.0], [0.0, -3.0], "k * abs(x), where k = 1, 2", lambda x, k: k * x.abs(), h=0.1),
    at("grad_fn", "v", [0.0, 0.0], [1.0, 2.0], "x ** 3", lambda x, k: x**3, h=0.1),
)
test_directional_slope = function(
    "landscape.directional_slope",
    values=worth(7, Differences(walks("f", "direction", FORMULAS), count=10)),
    takes_the_step_it_is_told=worth(2, Differences(None, always=TELLING_SLOPES)),
)
test_hessian_vector_product = function(
    "landscape.hessian_vector_product",
    values=worth(7, Differences(walks("grad_fn", "v", GRADIENTS), count=10)),
    takes_the_step_it_is_told=worth(2, Differences(None, always=TELLING_PRODUCTS)),
)


# ---------------------------------------------------------------------------------------- lines and planes


@st.composite
def lines(draw, dtype):
    shape, text = draw(SIZES), draw(st.sampled_from(list(FORMULAS)))
    start, end = (draw(some.tensors(shape, dtype, scale=0.3, layouts=False)) for _ in range(2))
    num = draw(st.sampled_from([4, 2, 3, 7, 11]))
    return {"f": function_of(text, shape, FORMULAS[text]), "start": start, "end": end, "num": num}


@st.composite
def planes(draw, dtype):
    shape, text = draw(SIZES), draw(st.sampled_from(list(FORMULAS)))
    shape = shape or (2,)
    center, u, v = (draw(some.tensors(shape, dtype, scale=0.3, layouts=False)) for _ in range(3))
    steps = [draw(some.tensors((draw(some.sizes(1, 4)),), dtype, scale=0.4, layouts=False)) for _ in range(2)]
    if draw(st.booleans()):
        steps = [each.tolist() for each in steps]
    f = function_of(text, shape, FORMULAS[text])
    return {"f": f, "center": center, "u": u, "v": v, "alphas": steps[0], "betas": steps[1]}


test_loss_on_line = function("landscape.loss_on_line", values=worth(9, draw(lines, count=10)))
test_loss_on_plane = function("landscape.loss_on_plane", values=worth(9, draw(planes, count=10)))


# ---------------------------------------------------------------------------------------- filters

EPSILON = 1e-10  # what may be added to a length, or under its root, to keep a denominator from 0


class Filters(Draw):
    def make(self, inputs, parameters, reference):
        case = super().make(inputs, parameters, reference)
        lengths = inputs["direction"].double().norm(dim=1, keepdim=True).clamp(min=1e-2)
        share = 1.01 * EPSILON * (1 / lengths + 0.5 / lengths**2)
        return replace(case, tolerance=case.tolerance + case.expected.abs() * share)


def rows_left_at_zero(case):
    """A row of zeros in one or both: the first of direction, the last of weight."""
    direction, weight = case["direction"].clone(), case["weight"].clone()
    direction[0], weight[-1] = 0, 0
    return {"direction": direction, "weight": weight}


FILTERS = some.inputs(direction=("o i", 1.0), weight=("o i", 0.4))
test_normalize_filters = function(
    "landscape.normalize_filters",
    values=worth(
        6, Filters(FILTERS, count=10), Filters(some.inputs(direction="n n", weight=("n n", 3.0), square=True), count=4)
    ),
    of_rows_of_zeros=worth(3, Filters(some.with_changes(FILTERS, rows_left_at_zero), count=5)),
)


# ---------------------------------------------------------------------------------------- curvature


def product_with(matrix, shape):
    """matvec of a matrix of small whole numbers, for tensors of one shape."""

    def compute(x, k):
        return (torch.tensor(matrix, dtype=x.dtype) @ x.reshape(-1)).reshape(shape)

    flat = "v" if len(shape) == 1 else f"v.reshape({len(matrix)})"
    return function_of(f"{matrix} @ {flat}", shape, compute)


@st.composite
def products(draw, dtype):
    """Symmetric matrices; a start whose numbers are not small."""
    shape = draw(st.sampled_from([(2,), (3,), (4,), (2, 2), (1,)]))
    size = torch.Size(shape).numel()
    numbers = draw(st.lists(st.integers(-4, 4), min_size=size * size, max_size=size * size))
    matrix = torch.tensor(numbers, dtype=torch.float64).reshape(size, size)
    matrix = (matrix + matrix.T).tolist()
    start = draw(some.tensors(shape, dtype, layouts=False))
    start = torch.where(start == 0, 0.75, start)
    return {"matvec": product_with(matrix, shape), "start": start, "iterations": draw(st.sampled_from([1, 2, 3, 5]))}


TELLING_MATRICES = some.in_dtypes(
    *(
        {"matvec": product_with(matrix, (2,)), "start": torch.tensor(start), "iterations": iterations}
        for matrix, start, iterations in (
            ([[3.0, 1.0], [1.0, -5.0]], [3.0, -40.0], 60),  # the sharpest direction goes down
            ([[300.0, 0.0], [0.0, 100.0]], [1.0, 2.0], 80),  # numbers that are not normalized leave float32's range
            ([[0.001, 0.0], [0.0, 0.0005]], [1.0, 1.0], 40),
        )
    )
)
NOTHING = some.in_dtypes(
    *(
        {
            "matvec": product_with([[0.0, 0.0], [0.0, scale]], (2,)),
            "start": torch.tensor([2.0, 0.0]),
            "iterations": count,
        }
        for scale, count in ((0.0, 1), (0.0, 4), (3.0, 1), (3.0, 2))
    )
)


def asks_for_no_more_products(student):
    calls = []

    def matvec(v):
        """v -> [2, 1] * v"""
        calls.append(v)
        return torch.tensor([2.0, 1.0]) * v

    student.values([Call({"matvec": matvec, "start": torch.tensor([3.0, 4.0]), "iterations": 5})])
    if len(calls) > 6:
        raise Fault(
            "too_many_products",
            f"The value is right, but for 5 iterations matvec is called {len(calls)} times, where 5 calls do (6 with "
            "one at the end): each costs as much as two gradients of the whole network. Keep what it returned.",
        )


class Eigenvalues(Draw):
    """Cases whose tolerance has room for a tiny number, 1e-12, beside the norm that is divided by."""

    def make(self, inputs, parameters, reference):
        case = super().make(inputs, parameters, reference)
        return replace(case, tolerance=case.tolerance + 1e-8 * abs(case.expected))


test_sharpness = function(
    "landscape.sharpness",
    values=worth(6, Eigenvalues(products, count=8)),
    of_sharp_and_flat_matrices=worth(2, Eigenvalues(None, always=TELLING_MATRICES)),
    of_products_of_zero=worth(3, fixed(*NOTHING)),
    asks_for_no_more_products=once_right(2, test=asks_for_no_more_products),
)


# Eigenvalues that are whole numbers or 0, well away from the tolerances below.
CURVATURES = [
    [2.0, 1.0, 3.0], [-1.0, -2.0, -0.5], [3.0, -2.0, 1.0], [-3.0, -1.0, 2.0], [2.0, 0.0, 1.0], [-2.0, 0.0, -1.0],
    [1.0, 0.0, -2.0], [0.0, 0.0, 0.0], [4.0], [-4.0], [0.0], [5.0, -0.25], [0.25, -5.0], [0.01, 1.0], [-0.01, -1.0],
    [-0.01, 1.0], [0.01, -1.0], [0.01, -0.01], [4.0, 3.0, 2.0, 1.0], [1.0, 1.0, 1.0, -2.0], [-1.0, -1.0, -1.0, 2.0],
]  # fmt: skip


def with_curvatures(curvatures, dtype, turned):
    """A symmetric matrix of these eigenvalues, diagonal or turned."""
    matrix = torch.diag(torch.tensor(curvatures, dtype=torch.float64))
    if turned:
        generator = torch.Generator().manual_seed(len(curvatures))
        numbers = torch.randn(len(curvatures), len(curvatures), generator=generator, dtype=torch.float64)
        basis = torch.linalg.qr(numbers).Q
        matrix = basis @ matrix @ basis.T
        matrix = (matrix + matrix.T) / 2
    return matrix.to(dtype)


DIAGONAL = [with_curvatures(each, torch.float32, turned=False) for each in CURVATURES]
TURNED = [with_curvatures(each, torch.float64, turned=True) for each in CURVATURES if len(each) > 1]
# A turned matrix whose diagonal tells another story than its eigenvalues.
MISLEADING = [
    torch.tensor(each, dtype=torch.float64) for each in ([[1.0, 3.0], [3.0, 2.0]], [[-1.0, 4.0], [4.0, -2.0]])
]
FLAT = torch.tensor([[1.0, 2.0], [2.0, 4.0]], dtype=torch.float64)  # along (2, -1), which a reader can see
WORDS = ("minimum", "maximum", "saddle", "undecided")


def what_it_is_called(failure, student):
    """A point that is called something else than it is."""
    index = next(iter(failure.wrong))
    said, case = failure.answers[index].value, failure.cases[index]
    if not isinstance(said, str):
        return None
    if said not in WORDS:
        tell = f"You return {said!r}, which is none of the four words: {', '.join(map(repr, WORDS))}."
        return Description("another_word", tell, index)
    curvatures = ", ".join(f"{each:.3g}" for each in torch.linalg.eigvalsh(case.inputs["hessian"].double()).tolist())
    tell = f"You say {said!r} of a point where the eigenvalues are {curvatures}: it is {case.expected!r}."
    return Description(f"{case.expected}_called_{said}", tell, index)


test_critical_point = function(
    "landscape.critical_point",
    describe=what_it_is_called,
    values=worth(6, fixed(*({"hessian": each} for each in (*MISLEADING, FLAT, *TURNED, *DIAGONAL)))),
    takes_the_tolerance_it_is_told=worth(
        3, fixed(*({"hessian": each, "tol": tol} for tol in (0.1, 0.0) for each in (*DIAGONAL[11:18], *MISLEADING)))
    ),
)
NO_LIMIT = [[-1.0, -2.0, -0.5], [-4.0], [0.0], [0.0, 0.0, 0.0], [-2.0, 0.0, -1.0]]
test_largest_stable_rate = function(
    "landscape.largest_stable_rate",
    values=worth(
        6,
        fixed(
            *({"hessian": each} for each in MISLEADING),
            {"hessian": with_curvatures([1e-4, 5e-5, -2e-5], torch.float64, True)},
            *({"hessian": with_curvatures([10 * c for c in each], torch.float64, True)} for each in CURVATURES[:4]),
            *(
                {"hessian": with_curvatures(each, dtype, False)}
                for dtype in (torch.float32, torch.float64)
                for each in ([20.0, 3.0], [0.5], [3.0, -40.0], [0.25, 0.5, 0.125], [1000.0, 0.001])
            ),
        ),
    ),
    without_a_limit=worth(3, fixed(*({"hessian": with_curvatures(each, torch.float32, False)} for each in NO_LIMIT))),
)
