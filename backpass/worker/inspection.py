"""Looking into a submission's program after a verdict: which expression is wrong, raises, or never ends.

The student's side of it. What it says goes into a message and decides no marks.
"""

from __future__ import annotations

import contextlib
import linecache
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import torch

from backpass.worker.blame import Search
from backpass.worker.calls import Call
from backpass.worker.changes import mutant, surplus
from backpass.worker.choosing import Choice
from backpass.worker.cuts import cuts_in, gradients_always
from backpass.worker.hiding import hidden_by
from backpass.worker.invoke import invoke
from backpass.worker.kept import what_is_kept
from backpass.worker.losing import first_loss
from backpass.worker.making import condition_of_word, end_of, made_of_variable, marked_for, what_fills
from backpass.worker.modules import SubmissionModules
from backpass.worker.mutants import out_of_place
from backpass.worker.pointing import (
    holding,
    in_reverse,
    last_step,
    loop_in_reverse,
    made_at,
    maker_of_a_pair,
    name_taken_apart,
    noted_in,
    right_on_the_way,
    set_anew_before,
    smallest_around,
    value_of,
)
from backpass.worker.rewriting import Site
from backpass.worker.runs import INPUT, RESULT, WORDLESS, WORDS, Candidate, Known, Runs, Trial, called
from backpass.worker.spans import Place, is_in, loop_around, of_mutant, of_node, place_of_step, without
from backpass.worker.values import SEVERAL, agrees
from backpass.worker.watched import Stopped, WatchedModule


class Inspected:
    """Answers inspections of a submission; it keeps the rewritten modules and the last search for further questions."""

    def __init__(self, modules: SubmissionModules) -> None:
        self._modules = modules
        self._watched: dict[tuple[str, str], WatchedModule] = {}
        self._runs: Runs | None = None
        self._known: list[Known] = []
        self._found: list[Candidate] = []

    def __call__(self, request: dict[str, Any], calls: Sequence[Call]) -> dict[str, Any]:
        """The findings of a request, by what it is `about`."""
        about = {
            "blame": self._blame,
            "value": self._value,
            "right": self._right,
            "end": self._end,
            "write": self._write,
            "cut": self._cut,
            "returned": self._returned,
            "made": self._made,
            "loss": self._loss,
            "holding": self._holding,
        }
        return about[request["about"]](request, calls)

    def _blame(self, request: dict[str, Any], calls: Sequence[Call]) -> dict[str, Any]:
        """The replacements that make all right, or as much as one or two can."""
        watched = self._module(request["unit"], request["function"])
        original = getattr(self._modules.load(request["unit"]), request["function"])
        trials = [Trial(call, **trial) for call, trial in zip(calls, request["trials"], strict=True)]
        known = [Known(how, frozenset(sources), frozenset(rests)) for how, sources, rests in request["known"]]
        memory = self._memory(request, watched, calls)
        if memory is not None:
            return {"found": [], "whole": True, "mutant": memory}
        many = len(trials) - request["confirming"]
        trials, confirming, calls = trials[:many], trials[many:], calls[:many]
        others = frozenset(request["others"])
        on = Runs(watched, request["function"], trials, request["outputs"], confirming, others)
        search = Search(on, known)
        choice = Choice(search)
        if not on.answers_as(original):
            return {"found": [], "whole": False}
        # Hardly anything else changes less of a program.
        kinds = ("precedence", "early", "choice", "boundary", "before", "shared", "position", "paired", "whole")
        small = mutant(on, kinds=kinds)
        if small is not None:
            return {"found": [], "whole": True, "mutant": of_mutant(small, watched)}
        found, whole = search.find()
        if whole and len(found) == 1 and not search.matters(found[0]):
            found, whole = [], False
        constant = search.constant(found[0]) if whole and len(found) == 1 else ""
        if whole and len(found) == 1 and not constant:
            found = choice.among(found[0], request["meant"])
        extra = surplus(on)
        if constant:
            branch = mutant(on, kinds=("condition", "block", "branch")) if extra is None else None
            plain = {**vars(Place.of(watched.sites[found[0].site])), "kind": constant, "text": ""}
            if extra is None:
                return {"found": [], "whole": True, "mutant": plain if branch is None else of_mutant(branch, watched)}
            found, whole = [], False
        if extra is None and whole and len(found) == 1 and choice.is_at_hand(found[0]):
            line = mutant(on, kinds=("line",))
            if line is not None:
                return {"found": [], "whole": True, "mutant": of_mutant(line, watched)}
        beside: dict[str, Any] = {}
        if extra is not None:
            site, kept = (watched.sites[index] for index in extra)
            left = [watched.sites[part] for part in site.parts if part != extra[1]]
            function = site.operation if site.operation.isidentifier() else ""
            mark = {**vars(without(site, kept, left)), "function": function, "alone": len(site.parts) == 1}
            of_one = whole and len(found) == 1 and known[found[0].quantity].how in (INPUT, WORDS)
            wrong = watched.sites[found[0].site] if of_one else site
            # In a loop what is done to a value in vain is told by what goes in, in the next round, too.
            before = of_one and found[0].mode in SEVERAL and not is_in(site, vars(Place.of(wrong)))
            if not of_one or before or (wrong is not site and is_in(wrong, mark)):
                return {"found": [], "whole": True, "surplus": mark}
            beside = {"surplus": mark} if is_in(site, vars(Place.of(wrong))) else {}
        elif (
            not whole
            or len(found) != 1
            or known[found[0].quantity].how in (RESULT, WORDLESS)
            or choice.rests_on_unknown(found[0])
        ):
            changed = mutant(on)
            if changed is not None:
                return {"found": [], "whole": True, "mutant": of_mutant(changed, watched)}
        elif watched.sites[found[0].site].kind == "name":  # what makes a variable wrong may be whether it is made
            changed = mutant(on, kinds=("condition", "block", "branch", "always", "one_off", "inside", "outside"))
            if changed is not None:
                return {"found": [], "whole": True, "mutant": of_mutant(changed, watched)}
        if not found and search.loose is not None:
            mark = vars(Place.of(watched.sites[search.loose.site]))
            return {"found": [], "whole": True, "mutant": {**mark, "kind": "loose", "text": ""}}
        self._runs, self._known, self._found = on, known, found
        result_alone = len(found) == 1 and known[found[0].quantity].how == RESULT
        return {
            **beside,
            "right": right_on_the_way(on, known, calls) if result_alone else [],
            "found": [
                {
                    **vars(Place.of(watched.sites[made]) if name is None else of_node(name, watched)),
                    "set_anew": set_anew_before(watched, made),
                    "quantity": each.quantity,
                    "second": each.second,
                    "returned": watched.sites[each.site].returned,
                    "written": _written_by(watched.sites[made]),
                    "in_reverse": in_reverse(on, each),
                    "in_a_loop": loop_in_reverse(on, each) is not None,
                    "backwards": each.mode == "reversed",
                    "first": each.mode == "first",
                    "after_the_first": each.mode == "rest",
                    "on_the_way": choice.is_on_the_way(each),
                }
                for each in found
                for made in [made_at(on, each, calls[0], is_named=request["named"])]
                for name in [name_taken_apart(watched, made)]
            ],
            "whole": whole,
        }

    def _memory(self, request: dict[str, Any], watched: WatchedModule, calls: Sequence[Call]) -> dict[str, Any] | None:
        """What the module keeps between calls, where answers depend on it, in the form of a change."""
        anew = partial(self._modules.anew, request["unit"])
        kept = what_is_kept(watched, request["function"], calls, anew)
        return None if kept is None else {**vars(of_node(kept[1], watched)), "kind": "kept", "text": kept[0]}

    def _value(self, request: dict[str, Any], calls: Sequence[Call]) -> dict[str, Any]:
        """The value that the expression of a finding has in a call."""
        assert self._runs is not None
        return {"value": value_of(self._runs, self._found[request["position"]], calls[0])}

    def _right(self, request: dict[str, Any], calls: Sequence[Call]) -> dict[str, Any]:
        """The quantities that may come out right on the way in the calls of the last search, which are given again."""
        assert self._runs is not None
        return {"right": right_on_the_way(self._runs, self._known, calls, perhaps=True)}

    def _end(self, request: dict[str, Any], calls: Sequence[Call]) -> dict[str, Any]:
        """Where a call raises, or is when it has taken too long: the expression, and the values of its parts."""
        watched = self._module(request["unit"], request["function"])
        function = getattr(watched.module, request["function"])
        watched.watch.begin({}, noting=True)
        error = called(function, calls[0])[1]
        step = last_step(error, str(watched.module.__file__)) if error is not None else None
        if step is None:
            return {}
        place = place_of_step(step)
        parts: list[dict[str, Any]] = []
        latest = dict(watched.watch.notes or [])
        if isinstance(error, Stopped):
            loop = loop_around(watched.sites, place, str(watched.module.__file__)) or place
            return {**vars(loop), "parts": [], "stopped": True}
        index = smallest_around(watched.sites, (place.line, place.column), (place.end_line, place.end_column))
        if index is not None:
            place = Place.of(watched.sites[index])
            parts = [
                {**vars(Place.of(watched.sites[part])), "value": latest[part]}
                for part in watched.sites[index].parts
                if part in latest
            ]
        hidden = hidden_by(watched.tree, step) if isinstance(error, TypeError) else None
        name, since = hidden or ("", 0)
        maker = maker_of_a_pair(watched, [part["value"] for part in parts])
        made = {} if maker is None else vars(Place.of(watched.sites[maker]))
        return {**vars(place), "parts": parts, "hides": name, "since": since, "made": made}

    def _write(self, request: dict[str, Any], calls: Sequence[Call]) -> dict[str, Any]:
        """Where a call first writes into what it was given, by its caller or by a function that it calls.

        `after`: those of its inputs that are tensors, or hold some, after the call.
        """
        watched = self._module(request["unit"], request["function"])
        function = getattr(watched.module, request["function"])

        def handed(value: Any) -> Any:
            if callable(value):
                return lambda *args: handed(value(*args))
            watched.watch.guard([value])
            return value

        after: dict[str, Any] = {}

        def guarded(*args: Any, **kwargs: Any) -> Any:
            given = {**dict(zip(calls[0].args, args, strict=True)), **kwargs}
            after.update({name: each for name, each in given.items() if isinstance(each, torch.Tensor | list | dict)})
            return function(*map(handed, args), **{name: handed(each) for name, each in kwargs.items()})

        watched.watch.begin({}, noting=False)
        called(guarded, calls[0])
        index = watched.watch.written
        return {} if index is None else {**vars(Place.of(watched.sites[index])), "after": after}

    def _cut(self, request: dict[str, Any], calls: Sequence[Call]) -> dict[str, Any]:
        """What autograd takes for a constant: with its operand in its place, all gradients are right.

        Where it `raises`: a write into a tensor, with a new tensor instead of which they are.
        """
        watched = self._module(request["unit"], request["function"])
        function = getattr(watched.module, request["function"])
        watch = watched.watch

        def is_right(swaps: dict[int, Callable[[Any], Any]], position: int) -> bool:
            watch.begin(swaps, noting=False)
            trial = request["trials"][position]
            answer = invoke(getattr(watched.module, request["function"]), calls[position])
            return agrees(answer.value, trial["expected"], trial["tolerance"])

        if request["raises"]:
            for changed in (each for one in watched.functions for each in out_of_place(one)):
                with watched.with_function(changed.function):
                    if all(is_right({}, position) for position in range(len(calls))):
                        return of_mutant(changed, watched)
            return {}
        cuts = cuts_in(watched, function, calls[0])
        for index, part in cuts:
            kept: list[Any] = []

            def keep(value: Any, kept: list[Any] = kept) -> Any:
                kept.append(value)
                return value

            def joined(value: Any, kept: list[Any] = kept) -> Any:
                return kept[-1].reshape(value.shape) if isinstance(value, torch.Tensor) else kept[-1].reshape(())

            with contextlib.suppress(RuntimeError):  # the operand has another number of elements: it is no plain cut
                if all(is_right({part: keep, index: joined}, position) for position in range(len(calls))):
                    return vars(Place.of(watched.sites[index]))
        if watched.switches:
            with gradients_always():
                if all(is_right({}, position) for position in range(len(calls))):
                    site = watched.sites[watched.switches[0]]
                    head = linecache.getline(str(watched.module.__file__), site.line).rstrip()
                    return vars(Place(site.line, site.column, site.line, len(head)))
        # Where no gradient arrives at all, the first one needs no experiment: behind it everything is a constant.
        return vars(Place.of(watched.sites[cuts[0][0]])) if cuts and request["nothing_arrives"] else {}

    def _returned(self, request: dict[str, Any], calls: Sequence[Call]) -> dict[str, Any]:
        """The expression that a call returns last, or one of a tuple, with so many `behind` it."""
        watched = self._module(request["unit"], request["function"])
        seen: list[int] = []
        returned = [index for index, site in enumerate(watched.sites) if site.returned]
        swaps = {index: partial(noted_in, seen, index) for index in returned}
        watched.watch.begin(swaps, noting=False)
        called(getattr(watched.module, request["function"]), calls[0])
        own = [index for index in seen if watched.sites[index].function == request["function"]]
        function = next(each for each in watched.functions if each.name == request["function"])
        if own:
            last, *before = own[::-1]
            behind = request["behind"]
            is_there = (
                0 < behind <= len(before) and watched.sites[before[behind - 1]].end_line == watched.sites[last].line
            )
            site = watched.sites[before[behind - 1] if is_there else last]
            name = next(iter(site.names)) if site.kind == "name" and not request["exchanged"] else ""
            made = condition_of_word(function, site.line, request["word"]) or made_of_variable(function, name)
            return vars(Place.of(site) if made is None else of_node(made, watched))
        end = end_of(function)
        return {} if end is None else vars(of_node(end, watched))

    def _made(self, request: dict[str, Any], calls: Sequence[Call]) -> dict[str, Any]:
        """Where the function makes the first of some parts of its answer, or uses an input, if that is one place.

        With `items` the parts are variables that hold lists, and what is appended to them is meant.
        """
        watched = self._module(request["unit"], request["function"])
        functions = sorted(watched.functions, key=lambda each: each.name != request["function"])
        if request["items"]:
            made = [what_fills(functions[0], name) for name in request["names"]]
        else:
            made = [marked_for(functions, name) for name in request["names"]]
        node = next((each for each in made if each is not None), None)
        return {} if node is None else vars(of_node(node, watched))

    def _loss(self, request: dict[str, Any], calls: Sequence[Call]) -> dict[str, Any]:
        """Where infinity or NaN comes about in what a call returns, or in its gradients; or what else is lost."""
        watched, (call,) = self._module(request["unit"], request["function"]), calls
        function = getattr(watched.module, request["function"])
        found = first_loss(watched, function, call, request["of"])
        if found is None:
            return {}
        index, times, what, how = found
        return {**vars(Place.of(watched.sites[index])), "times": times, "what": what, "how": how}

    def _holding(self, request: dict[str, Any], calls: Sequence[Call]) -> dict[str, Any]:
        """The expression that comes to given values, one for each call."""
        watched = self._module(request["unit"], request["function"])
        index = holding(watched, getattr(watched.module, request["function"]), calls, request["values"])
        return {} if index is None else vars(Place.of(watched.sites[index]))

    def _module(self, unit: str, function: str) -> WatchedModule:
        if (unit, function) not in self._watched:
            self._watched[unit, function] = self._modules.watched(unit, function)
        return self._watched[unit, function]


def _written_by(site: Site) -> str:
    """The variable that a statement writes into."""
    return next(iter(site.names), "") if site.kind == "write" else ""
