"""What the answers of a function rest on, as a hash of its code, read in a module that is as plain as most.

That is its own code, that of the functions of its module that it may call, and all that is executed when the module is
imported. Comments, docstrings, layout and the names of its variables do not count.
"""

from __future__ import annotations

import ast
import builtins
import hashlib
import re
from collections.abc import Collection, Iterator

from backpass.student.submission import Submission
from backpass.worker.rewriting import names_in

_LONGEST = 1 << 16  # bytes of a module that is looked into: it is parsed in a process that grades

# What a module may import for its functions to be known by their code: nothing that anybody leaves traces in.
_HARMLESS = re.compile(
    r"__future__|collections(\.abc)?|dataclasses|functools|itertools|math|numpy|operator|torch(\.nn(\.functional)?)?|typing"
)
# What reaches further than the names in a function say, or leaves something behind for others.
_REACHING = re.compile(
    r"(?!__name__$)__.*|breakpoint|compile|(del|get|set)attr|dir|eval|exec|globals|input|locals|object|open|super|type|vars"
    r"|(lru_)?cache"
)
_LEAVING = re.compile(r"_.*|set_.*|seterr|(manual_)?seed(_all)?|register.*|(lru_)?cache")
_DECORATORS = ("torch.no_grad()", "torch.inference_mode()")


def fingerprints(submission: Submission) -> dict[str, str]:
    """Hashes of what the answers of functions rest on, by exercise: none in a module that is not as plain as most."""
    return {
        f"{unit}.{name}": digest
        for unit, source in submission.sources.items()
        for name, digest in fingerprints_in(source).items()
    }


def fingerprints_in(source: bytes) -> dict[str, str]:
    """The same for one module, by the names of its functions.

    It must consist of functions, imports and constants; nobody writes into anything that others see, or looks
    something up by a name that is put together.
    """
    if len(source) > _LONGEST:
        return {}
    try:
        return _Plain(ast.parse(source)).fingerprints()
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}


class _NotPlain(ValueError):
    """More than text would have to be looked at."""


class _Plain:
    def __init__(self, module: ast.Module) -> None:
        self._functions: dict[str, ast.FunctionDef] = {}
        others: list[ast.stmt] = []
        for statement in module.body:
            if isinstance(statement, ast.FunctionDef):
                self._functions[statement.name] = statement  # of several the last one is called
            elif not _is_for_reading(statement):
                others.append(statement)
        bound = [name for statement in others for name in _bound_by(statement)]
        # Under another name a function would be called without its code being looked at.
        values = [each.value for each in others if isinstance(each, ast.Assign)]
        for function in self._functions.values():
            values += filter(None, (*function.args.defaults, *function.args.kw_defaults))
        if self._functions.keys() & {*bound, *(name for value in values for name in names_in(value))}:
            raise _NotPlain
        self._shared = {*bound, *self._functions}
        at_import = [ast.dump(each) for each in others]
        for node in ast.walk(module):
            if isinstance(node, ast.FunctionDef):
                at_import += sorted(_at_its_definition(node))
            self._look_at(node)
        self._at_import = "\n".join(dict.fromkeys(at_import))

    def fingerprints(self) -> dict[str, str]:
        codes, calls = {}, {}
        for name, function in self._functions.items():
            names = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
            calls[name] = names & self._functions.keys()
            codes[name] = _code(function, self._shared)
        found = {}
        for name in self._functions:
            needed, coming = {name}, [name]
            while coming:
                further = calls[coming.pop()] - needed
                needed |= further
                coming += further
            text = "\n".join([self._at_import, *(codes[each] for each in sorted(needed))])
            found[name] = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        return found

    def _look_at(self, node: ast.AST) -> None:
        """_NotPlain where a node does more than compute."""
        if isinstance(node, ast.Global | ast.ClassDef | ast.AsyncFunctionDef | ast.Delete):
            raise _NotPlain
        if isinstance(node, ast.Import | ast.ImportFrom):
            list(_bound_by(node))
        if isinstance(node, ast.Name) and _REACHING.fullmatch(node.id):
            raise _NotPlain
        if isinstance(node, ast.Attribute) and _LEAVING.fullmatch(node.attr):
            raise _NotPlain
        if isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load):
            root: ast.AST = node
            while isinstance(root, ast.Attribute | ast.Subscript):
                root = root.value
            if not isinstance(root, ast.Name) or root.id in self._shared:
                raise _NotPlain


def _is_for_reading(statement: ast.stmt) -> bool:
    """A docstring, or what a module does as a script only."""
    if isinstance(statement, ast.Expr):
        return isinstance(statement.value, ast.Constant)
    return isinstance(statement, ast.If) and ast.unparse(statement.test) == "__name__ == '__main__'"


def _bound_by(statement: ast.stmt) -> Iterator[str]:
    """The names that an import or a constant binds."""
    if isinstance(statement, ast.Import):
        modules = [alias.name for alias in statement.names]
        yield from ((alias.asname or alias.name).partition(".")[0] for alias in statement.names)
    elif isinstance(statement, ast.ImportFrom):
        modules = [statement.module or ""] if not statement.level else [""]
        names = [alias.asname or alias.name for alias in statement.names]
        if any(alias.name == "*" or _LEAVING.fullmatch(alias.name) for alias in statement.names):
            raise _NotPlain
        yield from names
    elif isinstance(statement, ast.Assign) and _is_constant(statement.value):
        modules = []
        if not all(isinstance(target, ast.Name) for target in statement.targets):
            raise _NotPlain
        yield from (target.id for target in statement.targets if isinstance(target, ast.Name))
    else:
        raise _NotPlain
    if not all(map(_HARMLESS.fullmatch, modules)):
        raise _NotPlain


def _is_constant(value: ast.expr) -> bool:
    """Whether it is made of numbers, words and the constants of modules, and cannot be written into."""
    kinds = ast.Constant | ast.UnaryOp | ast.BinOp | ast.Tuple | ast.Attribute | ast.Name
    return all(isinstance(node, kinds | ast.operator | ast.unaryop | ast.expr_context) for node in ast.walk(value))


def _at_its_definition(function: ast.FunctionDef) -> Iterator[str]:
    """What is evaluated when a function is defined: defaults, annotations and decorators."""
    arguments = function.args
    each = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
    annotations = [argument.annotation for argument in each if argument is not None]
    defaults = [*arguments.defaults, *arguments.kw_defaults]
    if any(default is not None and not _is_constant(default) for default in defaults):
        raise _NotPlain
    for annotation in (*annotations, function.returns):
        if annotation is not None:
            if any(isinstance(node, ast.Call | ast.NamedExpr) for node in ast.walk(annotation)):
                raise _NotPlain
            yield ast.dump(annotation)
    if any(ast.unparse(decorator) not in _DECORATORS for decorator in function.decorator_list):
        raise _NotPlain
    yield from (ast.dump(default) for default in defaults if default is not None)


def _code(function: ast.FunctionDef, shared: Collection[str]) -> str:
    """A function without its docstring and its place, its variables numbered; `shared`: names that are not its own."""
    first, *rest = function.body
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        function.body = rest
    own: dict[str, str] = {}
    others = {*shared, *vars(builtins)}
    nodes = [*ast.walk(function)]
    for node in nodes:
        # By these names something can be called, or they are no nodes of their own.
        names = (getattr(node, each, None) for each in ("arg", "asname", "name", "names", "rest"))
        given = [each for name in names for each in (name if isinstance(name, list) else [name])]
        others |= {each.partition(".")[0] for each in given if type(each) is str}  # `import torch.nn` binds torch
    for node in nodes:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id not in others:
            own.setdefault(node.id, f"<{len(own)}>")
    for node in nodes:
        if isinstance(node, ast.Name):
            node.id = own.get(node.id, node.id)
    return ast.dump(function)
