"""Where a function makes a part of its answer, uses an input, or ends without an answer: read off the code, not run."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence

_DRAW = {
    *("rand", "randn", "randint", "randperm", "rand_like", "randn_like", "randint_like", "normal", "bernoulli"),
    *(
        "multinomial",
        "normal_",
        "uniform_",
        "bernoulli_",
        "random_",
        "exponential_",
        "shuffle",
        "sample",
        "permutation",
    ),
}

_SEED = {"manual_seed", "initial_seed", "seed", "Generator", "set_state", "get_state", "clone_state", "deepcopy"}
_SHUFFLE = {"randperm", "shuffle", "permutation", "minibatches"}
_BEGIN = {"randn", "rand", "normal", "normal_", "uniform_", "kaiming_normal_", "he_init", "xavier_init"}
_FILLED = {"zeros", "ones", "full"}


def marked_for(functions: Sequence[ast.FunctionDef], name: str) -> ast.expr | None:
    """What a text about `name` is to mark in a function, the first of some, or else in one that it calls.

    `name`: an output or an input, or what has no name: "the order" (of samples), "the start" (of weights), "the draw",
    "the seed", "the note" (of what is returned), "the beginning" (of what is lost on the way), "the refusal" (of an
    input).
    """
    called = {_called(node) for node in ast.walk(functions[0]) if isinstance(node, ast.Call)}
    for function in (functions[0], *(each for each in functions[1:] if each.name in called)):
        found = _UNNAMED.get(name, made_or_used)(function, name)
        if found is not None:
            return found
    return None


def _what_draws(function: ast.FunctionDef, _: str) -> ast.expr | None:
    draws = [node for node in ast.walk(function) if isinstance(node, ast.Call) and _called(node) in _DRAW]
    return draws[0] if len(draws) == 1 else None


def _what_seeds(function: ast.FunctionDef, _: str) -> ast.expr | None:
    """Where a generator is seeded, made or copied."""
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call) and _called(node) in _SEED]
    return min(calls, key=lambda node: (node.lineno, node.col_offset), default=None)


def _what_shuffles(function: ast.FunctionDef, _: str) -> ast.expr | None:
    """What shuffles; where nothing does the numbers in their own order."""
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
    shuffles = [node for node in calls if _called(node) in _SHUFFLE]
    found = shuffles or [node for node in calls if _called(node) == "arange"]
    return found[0] if len(found) == 1 else None


def _what_cuts(function: ast.FunctionDef, _: str) -> ast.expr | None:
    """What leaves a short last batch out: a number of batches rounded down, or the word for it."""
    divided = [node for node in ast.walk(function) if isinstance(node, ast.BinOp) and isinstance(node.op, ast.FloorDiv)]
    counts = ast.Name | ast.Call | ast.Attribute | ast.Subscript
    down = [node for node in divided if isinstance(node.left, counts) and not isinstance(node.right, ast.Constant)]
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
    dropped = [node for node in calls if any(word.arg == "drop_last" for word in node.keywords)]
    found = [*dropped, *down]
    return found[0] if len(found) == 1 else None


def _what_begins(function: ast.FunctionDef, _: str) -> ast.expr | None:
    """The first draw of numbers that are no indices, with what is computed of it."""
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
    draws = [node for node in calls if _called(node) in _BEGIN] or [node for node in calls if _called(node) in _FILLED]
    first = min(draws, key=lambda node: (node.lineno, node.col_offset), default=None)
    if first is None:
        return None
    sums = [node for node in ast.walk(function) if isinstance(node, ast.BinOp) and first in ast.walk(node)]
    return max(sums, key=lambda node: len(ast.dump(node)), default=first)


def _what_is_noted(function: ast.FunctionDef, _: str) -> ast.expr | None:
    """What is appended to the only list that is returned by itself."""
    returned = [node.value for node in ast.walk(function) if isinstance(node, ast.Return)]
    names = {node.id for node in returned if isinstance(node, ast.Name)}
    return only_append_to(function, *names) if len(names) == 1 else None


def _what_begins_again(function: ast.FunctionDef, _: str) -> ast.expr | None:
    """The first zeros that are made in a loop, or else the first number there that goes up by 1 from then on."""
    loops = [node for node in ast.walk(function) if isinstance(node, ast.For | ast.While)]
    inside = [node for loop in loops for node in ast.walk(loop)]
    counted = {getattr(node.target, "id", None) for node in inside if isinstance(node, ast.AugAssign) and _counts(node)}
    set_there = [node for node in inside if isinstance(node, ast.Assign)]
    calls = [node for each in set_there for node in ast.walk(each.value) if isinstance(node, ast.Call)]
    zeros = [node for node in calls if _called(node) in ("zeros_like", "zeros")]
    counts = [
        each.value
        for each in set_there
        if isinstance(each.value, ast.Constant) and any(getattr(to, "id", "") in counted for to in each.targets)
    ]
    return min([*zeros, *([] if zeros else counts)], key=lambda node: (node.lineno, node.col_offset), default=None)


def _counts(node: ast.AugAssign) -> bool:
    return isinstance(node.op, ast.Add) and isinstance(node.value, ast.Constant)


def _what_refuses(function: ast.FunctionDef, _: str) -> ast.expr | None:
    """The condition of the only `if` that raises."""
    raising = [
        node.test
        for node in ast.walk(function)
        if isinstance(node, ast.If) and any(isinstance(each, ast.Raise) for each in [*node.body, *node.orelse])
    ]
    return raising[0] if len(raising) == 1 else None


def made_or_used(function: ast.FunctionDef, name: str) -> ast.expr | None:
    """The expression that makes what is returned under a name, or the only call that an input goes into.

    Of a generator the only call that draws from another. None where there is none, or more than one.
    """
    made = list(_noted_under(function, name)) or list(_values_under(function, name))
    if made:
        return made[0] if len(made) == 1 else None
    draws = [node for node in ast.walk(function) if isinstance(node, ast.Call) and _called(node) in _DRAW]
    apart = [draw for draw in draws if not any(isinstance(n, ast.Name) and n.id == name for n in ast.walk(draw))]
    if name == "generator" and apart:  # a helper may call it by another name
        own = [draw for draw in apart if not any(word.arg == name for word in draw.keywords)]
        return min(own, key=lambda draw: draw.lineno, default=None)
    uses = [node for node in ast.walk(function) if isinstance(node, ast.Name) and node.id == name]
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call) and uses and uses[0] in ast.walk(node)]
    return calls[-1] if len(uses) == 1 and calls else None


def only_append_to(function: ast.FunctionDef, name: str) -> ast.expr | None:
    """What is appended to a list that begins empty, if that is one expression."""
    begun = [value for target, value in assignments(function) if target == name]
    is_empty = len(begun) == 1 and isinstance(begun[0], ast.List) and not begun[0].elts
    appended = list(_noted_under(function, name))
    return appended[0] if is_empty and len(appended) == 1 else None


def what_fills(function: ast.FunctionDef, returned: str) -> ast.expr | None:
    """What is appended to a list that is returned; of several, as "a, b", on what condition it goes to which."""
    names = returned.replace(" ", "").split(",")
    if len(names) == 1:
        return only_append_to(function, returned)
    choices = [node for node in ast.walk(function) if isinstance(node, ast.If)]
    inside = [{onto for onto, _ in _appended(node) if isinstance(onto, str)} for node in choices]
    return next((node.test for node, filled in zip(choices, inside, strict=True) if filled >= {*names}), None)


def made_of_variable(function: ast.FunctionDef, name: str) -> ast.expr | None:
    """What a variable is set to, if that is one expression and says something: parts of it may be written later."""
    stores = [node for node in ast.walk(function) if isinstance(node, ast.Name) and node.id == name and _is_set(node)]
    values = [value for target, value in assignments(function) if target == name]
    return values[0] if len(stores) == len(values) == 1 and not _is_a_beginning(values[0]) else None


def set_beside_others(function: ast.FunctionDef, name: str) -> ast.Name | None:
    """The name of a variable where it is set, if that is once and by taking apart what a call returns."""
    stores = [node for node in ast.walk(function) if isinstance(node, ast.Name) and node.id == name and _is_set(node)]
    statements = [node for node in ast.walk(function) if isinstance(node, ast.Assign)]
    apart = [each for each in statements if not isinstance(each.value, ast.Tuple)]
    targets = [name for each in apart for target in each.targets for name in getattr(target, "elts", ())]
    return stores[0] if len(stores) == 1 and stores[0] in targets else None


def set_anew(function: ast.FunctionDef, parameter: str, before: int) -> int:
    """The last line before another one in which a parameter is given a value of the function's own; 0 for none."""
    stores = (node for node in ast.walk(function) if isinstance(node, ast.Name) and node.id == parameter)
    return max((node.lineno for node in stores if _is_set(node) and node.lineno < before), default=0)


def _is_set(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Store)


def _is_a_beginning(value: ast.expr) -> bool:
    """Whether it is a number, a name or an empty container: what it is for comes later."""
    parts = [*getattr(value, "elts", ()), *getattr(value, "keys", ()), *getattr(value, "args", ())]
    is_container = isinstance(value, ast.List | ast.Dict | ast.Set) or _is_called(value, ("list", "dict", "set"))
    return isinstance(value, ast.Constant | ast.Name) or (is_container and not parts)


def _is_called(node: ast.expr, names: Sequence[str]) -> bool:
    return isinstance(node, ast.Call) and _called(node) in names


def assignments(function: ast.FunctionDef) -> Iterator[tuple[str, ast.expr]]:
    """The variables that are set, each with what to: those of `a, b = 1, []` one by one."""
    for node in (each for each in ast.walk(function) if isinstance(each, ast.Assign)):
        for target in node.targets:
            pairs = [(target, node.value)]
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                pairs = [*zip(target.elts, node.value.elts, strict=False)]
            yield from ((to.id, value) for to, value in pairs if isinstance(to, ast.Name))


def condition_of_word(function: ast.FunctionDef, line: int, expected: str) -> ast.expr | None:
    """Which condition is at fault where the word that is returned in a line is not the expected one.

    Of branches one after the other: where the expected word comes first its own has failed, else that of the line held.
    """
    returns = [node for node in ast.walk(function) if isinstance(node, ast.Return) and node.value is not None]
    expecting = [node for node in returns if any(_is(each, expected) for each in ast.walk(node))]
    own = [node for node in returns if node.lineno == line]
    if not expected or len(expecting) != 1 or len(own) != 1:
        return None
    if own == expecting:
        return own[0].value.test if isinstance(own[0].value, ast.IfExp) else None
    first = min(expecting[0], own[0], key=lambda node: node.lineno)
    branches = [node for node in ast.walk(function) if isinstance(node, ast.If)]
    return next((branch.test for branch in branches if any(first is each for each in branch.body)), None)


def end_of(function: ast.FunctionDef) -> ast.expr | ast.stmt | None:
    """Where a function ends that returns None, or a generator; None for a stub, and where it may end anywhere."""
    nodes = list(ast.walk(function))
    yields = [node for node in nodes if isinstance(node, ast.Yield | ast.YieldFrom)]
    if yields:
        return yields[0]
    nothing = [node for node in nodes if isinstance(node, ast.Return) and (node.value is None or _is_none(node.value))]
    last = function.body[-1]
    if nothing:
        return nothing[0] if len(nothing) == 1 else None
    is_stub = isinstance(last, ast.Pass) or (isinstance(last, ast.Expr) and isinstance(last.value, ast.Constant))
    while not is_stub and isinstance(last, ast.For | ast.While | ast.With):
        last = last.body[-1]
    return None if is_stub or isinstance(last, ast.If | ast.Try) else last


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _noted_under(function: ast.FunctionDef, name: str) -> Iterator[ast.expr]:
    """What is appended to a list that is returned under a name: record["rates"].append(rate), or rates.append(rate)."""
    variables = {value.id for value in _values_of(function, name) if isinstance(value, ast.Name)}
    returned = [node.value for node in ast.walk(function) if isinstance(node, ast.Return)]
    variables |= {value.id for value in returned if isinstance(value, ast.Name) and value.id == name}
    for onto, value in _appended(function):
        if onto in variables or (isinstance(onto, ast.expr) and _is(onto, name)):
            yield value


def _appended(node: ast.AST) -> Iterator[tuple[str | ast.expr, ast.expr]]:
    """What is appended to a variable, or under a key of one, each with its name or the key."""
    for each in ast.walk(node):
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute) and each.func.attr == "append":
            onto = each.func.value
            if each.args and isinstance(onto, ast.Name | ast.Subscript):
                yield (onto.id if isinstance(onto, ast.Name) else onto.slice), each.args[0]


def _values_under(function: ast.FunctionDef, name: str) -> Iterator[ast.expr]:
    """What is returned under a name; of a variable what it is set to."""
    for value in _values_of(function, name):
        if not isinstance(value, ast.Name):
            yield value
            continue
        for node in ast.walk(function):
            targets = node.targets if isinstance(node, ast.Assign) else []
            if isinstance(node, ast.Assign) and any(
                isinstance(each, ast.Name) and each.id == value.id for each in targets
            ):
                yield node.value


def _values_of(function: ast.FunctionDef, name: str) -> Iterator[ast.expr]:
    for node in ast.walk(function):
        if isinstance(node, ast.Dict):
            yield from (value for key, value in zip(node.keys, node.values, strict=True) if _is(key, name))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "dict":
            yield from (keyword.value for keyword in node.keywords if keyword.arg == name)


def _is(node: ast.AST | None, name: str) -> bool:
    return isinstance(node, ast.Constant) and node.value == name


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


_UNNAMED: dict[str, Callable[[ast.FunctionDef, str], ast.expr | None]] = {
    "the draw": _what_draws,
    "the seed": _what_seeds,
    "the order": _what_shuffles,
    "the start": _what_begins,
    "the batches": _what_cuts,
    "the note": _what_is_noted,
    "the beginning": _what_begins_again,
    "the refusal": _what_refuses,
}
