"""Rewriting a module so that every expression in its functions is handed to a hook, with the number of its site."""

from __future__ import annotations

import ast
import copy
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

HOOK = "__backpass_watch__"
_FACTORIES = {f"{name}{like}" for name in ("zeros", "ones", "full", "empty") for like in ("", "_like")}
_NAMES, _VALUES = "name", "value"
_SIGNS: dict[type[ast.AST], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Pow: "**",
    ast.MatMult: "@",
    ast.USub: "-",
}
STATEMENTS = ("write", "loop", "switch")  # kinds of sites that are no expressions


@dataclass(frozen=True)
class Site:
    """An expression of the source: where it stands (lines from 1, columns from 0, in characters) and what it is.

    `kind`: "argument" (a parameter), "name" (another variable), "constant" or "value"; of statements "write" (an
    assignment into a tensor), "loop" or "switch" (of gradients). `parts`: the expressions that it is directly made of.
    `names`: those in it, of a write the one that is written into. `sources`: the parameters of its function that it
    depends on, None where they are not known. `returned`: it is what the function returns, or one of several results.
    `in_test`: a condition or comparison is made with it. `operation`: of arithmetic the sign, of a call the function.
    """

    line: int
    column: int
    end_line: int
    end_column: int
    kind: str
    parts: tuple[int, ...]
    function: str
    names: frozenset[str]
    sources: frozenset[str] | None
    returned: bool = False
    in_test: bool = False
    operation: str = ""


def counted(statements: Sequence[Any]) -> list[Any]:
    """Statements with a call of the hook at the head of every loop, so that none runs for ever; their own stay."""
    others = []
    for statement in statements:
        other = copy.copy(statement)
        for name in ("body", "orelse", "finalbody", "handlers", "cases"):
            block = getattr(statement, name, None)
            if block:
                setattr(other, name, counted(block))
        if isinstance(statement, ast.For | ast.While):
            hook = ast.Call(ast.Name(HOOK, ast.Load()), [ast.Constant(-1), ast.Constant(None)], [])
            other.body = [ast.Expr(hook), *other.body]
        others.append(other)
    return others


class Rewriter(ast.NodeTransformer):
    """Puts a call of the hook around every expression in the `functions` of a module whose value may be of interest."""

    def __init__(self, lines: Sequence[str], functions: Collection[str]) -> None:
        self.sites: list[Site] = []
        self._functions = functions
        self._lines = lines
        self._modules: set[str] = set()  # names that stand for modules: there is nothing to watch in them
        self._function: str | None = None
        self._parameters: frozenset[str] = frozenset()
        self._origins: dict[str, frozenset[str]] | None = None
        self._parts: list[list[int]] = [[]]
        self.switches: list[int] = []
        self.updates: list[int] = []
        self.iterables: dict[tuple[str, str], int] = {}
        self._in_test = False

    # Statements

    def visit_Import(self, node: ast.Import) -> ast.AST:
        self._modules |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        outer = self._function, self._parameters, self._origins
        if self._function is None and node.name not in self._functions:
            return node
        if self._function is None:
            parameters = _parameters(node.args)
            self._function, self._parameters, self._origins = node.name, parameters, _origins(node, parameters)
        else:  # what an inner function is given is not known
            self._origins = None
            self._parameters = frozenset()
        node.body = self._statements(node.body)
        self._function, self._parameters, self._origins = outer
        return node

    visit_AsyncFunctionDef = visit_FunctionDef  # type: ignore[assignment]

    def _statements(self, body: Iterable[ast.stmt]) -> list[ast.stmt]:
        rewritten: list[ast.stmt] = []
        for statement in body:
            result = self.visit(statement)
            rewritten += result if isinstance(result, list) else [result]
        return rewritten

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if node.value is not None:
            node.value = self.visit(node.value)
        return node

    def visit_Assign(self, node: ast.Assign) -> Any:
        node.value = self.visit(node.value)
        inside = [target for target in node.targets if isinstance(target, ast.Subscript)]
        return [node, self._write(node, inside[0])] if inside and self._function else node

    def visit_AugAssign(self, node: ast.AugAssign) -> Any:
        before = len(self.sites)
        node.value = self.visit(node.value)
        if self._function is None:
            return node
        if not isinstance(node.target, ast.Name):
            return [node, self._write(node, node.target)]
        parts = tuple(range(before, len(self.sites)))[-1:]
        load = ast.Name(node.target.id, ast.Load())
        index = self._site(node, _VALUES, parts, {node.target.id} | names_in(node.value))
        self.updates.append(index)
        after = ast.Assign([ast.Name(node.target.id, ast.Store())], self._hooked(index, load, node))
        return [node, ast.copy_location(after, node)]

    def _write(self, node: ast.stmt, target: ast.expr) -> ast.stmt:
        """A report behind a statement that writes into something."""
        while isinstance(target, ast.Subscript | ast.Attribute):
            target = target.value
        index = self._site(node, "write", (), names_in(target))
        return ast.copy_location(ast.Expr(self._hooked(index, ast.Constant(None), node)), node)

    def visit_Return(self, node: ast.Return) -> ast.AST:
        if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str) and self._function:
            self._parts.append([])
            word = self._site(node.value, "constant", tuple(self._parts.pop()), set())
            node.value = self._hooked(word, node.value, node.value)
            self.sites[word] = Site(**{**vars(self.sites[word]), "returned": True})
        elif node.value is not None:
            node.value = self.visit(node.value)
            results = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
            for result in results:
                index = _index_of(result)
                if index is not None and self._function is not None:
                    self.sites[index] = Site(**{**vars(self.sites[index]), "returned": True})
        return node

    def visit_If(self, node: ast.If) -> ast.AST:
        node.test = self._condition(node.test)
        node.body, node.orelse = self._statements(node.body), self._statements(node.orelse)
        return node

    def _condition(self, test: ast.expr) -> ast.expr:
        outer, self._in_test = self._in_test, True
        rewritten: ast.expr = self.visit(test)
        self._in_test = outer
        return rewritten

    def visit_While(self, node: ast.While) -> ast.AST:
        node.test = self._condition(node.test)
        node.body = [*self._head(node), *self._statements(node.body)]
        node.orelse = self._statements(node.orelse)
        return node

    def visit_For(self, node: ast.For) -> ast.AST:
        self._runs_over(node)
        node.body = [*self._head(node), *self._statements(node.body)]
        node.orelse = self._statements(node.orelse)
        return node

    def visit_comprehension(self, node: ast.comprehension) -> ast.AST:
        self._runs_over(node)
        node.ifs = [self.visit(each) for each in node.ifs]
        return node

    def _runs_over(self, loop: ast.For | ast.comprehension) -> None:
        loop.iter = self.visit(loop.iter)
        index = _index_of(loop.iter)
        if index is not None and self._function is not None:
            self.iterables |= {(self._function, name): index for name in names_in(loop.target)}

    def _head(self, loop: ast.While | ast.For) -> list[ast.stmt]:
        """A report at each round of a loop, which may have no expression to watch in it."""
        if self._function is None:
            return []
        index = self._site(loop, "loop", (), set())
        return [ast.copy_location(ast.Expr(self._hooked(index, ast.Constant(None), loop)), loop)]

    def visit_With(self, node: ast.With) -> ast.AST:
        if self._function is not None and any("grad" in ast.unparse(item.context_expr) for item in node.items):
            self.switches.append(self._site(node, "switch", (), set()))
        node.body = self._statements(node.body)
        return node

    def visit_Match(self, node: ast.Match) -> ast.AST:
        return node

    def visit_Raise(self, node: ast.Raise) -> ast.AST:
        return node

    # Expressions

    def visit(self, node: ast.AST) -> Any:
        if not isinstance(node, ast.expr) or self._function is None or not self._is_of_interest(node):
            return super().visit(node)
        self._parts.append([])
        names = names_in(node)
        outer = self._in_test
        self._in_test = outer or isinstance(node, ast.Compare)
        inner = super().visit(node)
        self._in_test = outer
        parts = tuple(self._parts.pop())
        index = self._site(node, self._kind(node), parts, names)
        return self._hooked(index, inner, node)

    def _is_of_interest(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Constant):
            return type(node.value) in (int, float)
        if isinstance(node, ast.Name):
            return isinstance(node.ctx, ast.Load) and node.id not in self._modules
        if isinstance(node, ast.Subscript | ast.Attribute):
            return isinstance(node.ctx, ast.Load)
        of_interest = (
            ast.BinOp,
            ast.UnaryOp,
            ast.Call,
            ast.Compare,
            ast.BoolOp,
            ast.IfExp,
            ast.ListComp,
            ast.List,
            ast.Dict,
        )
        return isinstance(node, of_interest) and isinstance(getattr(node, "ctx", ast.Load()), ast.Load)

    def _kind(self, node: ast.expr) -> str:
        if isinstance(node, ast.Name):
            return "argument" if node.id in self._parameters else _NAMES
        function = node.func.attr if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else ""
        return "constant" if isinstance(node, ast.Constant) or function in _FACTORIES else _VALUES

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if isinstance(node.func, ast.Attribute):
            node.func.value = self.visit(node.func.value)
        elif not isinstance(node.func, ast.Name):
            node.func = self.visit(node.func)
        node.args = [self.visit(each) for each in node.args]
        for keyword in node.keywords:
            keyword.value = self.visit(keyword.value)
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        node.value = self.visit(node.value)
        node.slice = self._index(node.slice)
        return node

    def _index(self, node: ast.expr) -> ast.expr:
        if isinstance(node, ast.Tuple):
            node.elts = [self._index(each) for each in node.elts]
            return node
        if isinstance(node, ast.Slice):
            for name in ("lower", "upper", "step"):
                bound = getattr(node, name)
                setattr(node, name, bound and self.visit(bound))
            return node
        rewritten: ast.expr = self.visit(node)
        return rewritten

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        outer = self._parameters, self._origins
        self._parameters, self._origins = frozenset(), None
        node.body = self.visit(node.body)
        self._parameters, self._origins = outer
        return node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        return node

    # Sites

    def _site(self, node: ast.expr | ast.stmt, kind: str, parts: tuple[int, ...], names: set[str]) -> int:
        line, end_line = node.lineno, node.end_lineno or node.lineno
        sources = None
        if self._origins is not None:
            sources = frozenset[str]().union(*(self._origins.get(name, frozenset()) for name in names))
        self.sites.append(
            Site(
                line,
                self._characters(line, node.col_offset),
                end_line,
                self._characters(end_line, node.end_col_offset or 0),
                kind,
                parts,
                self._function or "",
                frozenset(names),
                sources,
                in_test=self._in_test,
                operation=_operation(node),
            )
        )
        self._parts[-1].append(len(self.sites) - 1)
        return len(self.sites) - 1

    def _characters(self, line: int, column: int) -> int:
        """A column in characters from one in bytes of UTF-8."""
        return characters_before(self._lines, line, column)

    def _hooked(self, index: int, value: ast.expr, node: ast.AST) -> ast.expr:
        call = ast.Call(ast.Name(HOOK, ast.Load()), [ast.Constant(index), value], [])
        return ast.copy_location(call, node)


def characters_before(lines: Sequence[str], line: int, column: int) -> int:
    text = lines[line - 1] if line <= len(lines) else ""
    return len(text.encode()[:column].decode(errors="replace"))


def _operation(node: ast.expr | ast.stmt) -> str:
    if isinstance(node, ast.Call):
        return getattr(node.func, "attr", "") or getattr(node.func, "id", "")
    return _SIGNS.get(type(node.op), "") if isinstance(node, ast.BinOp | ast.UnaryOp) else ""


def _index_of(node: ast.expr) -> int | None:
    """The site of an expression that is rewritten already."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == HOOK:
        index = node.args[0]
        return index.value if isinstance(index, ast.Constant) and isinstance(index.value, int) else None
    return None


def _parameters(args: ast.arguments) -> frozenset[str]:
    every = [*args.posonlyargs, *args.args, *args.kwonlyargs, *filter(None, (args.vararg, args.kwarg))]
    return frozenset(each.arg for each in every)


def names_in(node: ast.AST) -> set[str]:
    """The names in a tree of syntax."""
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


def _origins(function: ast.FunctionDef, parameters: frozenset[str]) -> dict[str, frozenset[str]]:
    """The parameters that each variable of a function depends on; twice over its statements, for the loops in it."""
    origins = {name: frozenset({name}) for name in parameters}

    def of(node: ast.AST) -> frozenset[str]:
        return frozenset[str]().union(*(origins.get(name, frozenset()) for name in names_in(node)))

    for _ in range(2):
        for node in ast.walk(function):
            pairs: list[tuple[ast.expr, ast.expr]] = []
            if isinstance(node, ast.Assign):
                pairs = [pair for target in node.targets for pair in _side_by_side(target, node.value)]
            elif isinstance(node, ast.AugAssign | ast.NamedExpr):
                pairs = [(node.target, node.value)]
            elif isinstance(node, ast.AnnAssign):
                pairs = [(node.target, node.value)] if node.value is not None else []
            elif isinstance(node, ast.For | ast.comprehension):
                pairs = [(node.target, node.iter)]
            for target, value in pairs:
                for name in names_in(target):
                    origins[name] = origins.get(name, frozenset()) | of(value)
    return origins


def _side_by_side(target: ast.expr, value: ast.expr) -> list[tuple[ast.expr, ast.expr]]:
    """Each of several targets with its own value, where both sides are written out."""
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
        starred = any(isinstance(each, ast.Starred) for each in (*target.elts, *value.elts))
        return [(target, value)] if starred else list(zip(target.elts, value.elts, strict=True))
    return [(target, value)]
