"""Shortcuts in Python: functions of torch and scipy that do the whole job tell of it, on every call, however reached.

The profiler sees what a submission calls directly, in some of its calls; torch's own view sees functions of tensors.
Between them were optimizers, initializers, forward-mode differentiation, and all of scipy. Their functions note that
they are called, by whatever name of their modules. What torch computes by kernels is in `operators`.
"""

from __future__ import annotations

import functools
import importlib.abc
import importlib.machinery
import importlib.util
import sys
from collections.abc import Callable, Iterator, Sequence
from types import FunctionType, ModuleType
from typing import Any

from backpass.worker.guards import exchange
from backpass.worker.operators import sealed, telling

# Modules of torch's of which every public function does some exercise, and how a course's patterns call them.
_OPTIMIZERS = ("adadelta", "adagrad", "adam", "adamax", "adamw", "asgd", "nadam", "radam", "rmsprop", "rprop", "sgd")
_MODULES = {
    "torch.nn.init": "torch.nn.init",
    "torch.nn.utils.clip_grad": "torch.nn.utils",
    "torch.autograd.functional": "torch.autograd.functional",
    "torch.distributions.kl": "torch.distributions.kl",
    "torch.autograd.gradcheck": "torch.autograd.gradcheck",
    "torch.optim.swa_utils": "torch.optim.swa_utils",
    "torch._decomp.decompositions": "torch._decomp.decompositions",
    **{f"torch.optim.{name}": "torch.optim" for name in _OPTIMIZERS},
}
_FUNCTIONS = {
    "torch.autograd.forward_ad": ("make_dual",),
    "torch.func": ("grad", "grad_and_value", "hessian", "jacfwd", "jacrev", "jvp", "linearize", "vjp"),
}
# Of their classes every method tells, or those of some names: an object can be had without its making.
_CLASSES: dict[str, tuple[str, ...]] = {
    "torch.optim.optimizer": ("__init__",),
    "torch.optim.lr_scheduler": (),
    "torch.utils.data.sampler": ("__iter__",),
    **{
        f"torch.distributions.{name}": ("entropy", "log_prob")
        for name in ("bernoulli", "beta", "cauchy", "dirichlet", "exponential", "gamma", "geometric", "half_normal")
    },
    **{
        f"torch.distributions.{name}": ("entropy", "log_prob")
        for name in ("binomial", "kumaraswamy", "laplace", "multinomial", "normal", "one_hot_categorical", "poisson")
    },
    "torch.distributions.categorical": ("__init__", "entropy", "log_prob"),
}
# What optimizers' functions call, and gradcheck's.
_FOR_ALL_AT_ONCE = ("_single_tensor", "_multi_tensor", "_get_numerical", "_compute_numerical")
_OF_SCIPY = {
    "scipy.special": ("softmax", "log_softmax", "expit", "log_expit", "kl_div", "rel_entr", "huber", "pseudo_huber"),
    "scipy.stats": ("entropy",),
    "scipy.stats._binomtest": ("_binom_wilson_conf_int",),
    "scipy.optimize._numdiff": ("approx_derivative",),
    "scipy.differentiate._differentiate": ("derivative", "hessian", "jacobian"),
}
_OF_SCIPY["scipy.special.cython_special"] = _OF_SCIPY["scipy.special"]  # once more, for Cython
_watched: dict[str, ModuleType | None] = {}  # scipy's modules, once they are loaded


def put_in_place() -> None:
    """Have torch's tell, and scipy's when they are imported, under whatever name that is done."""
    found = {id(function): (function, _telling(name, function)) for name, function in _of_torch()}
    exchange(found, "torch")
    for module, names in _CLASSES.items():
        _have_methods_tell(sys.modules.get(module), names)
    sys.meta_path.insert(0, _Scipy())
    _watched.update(dict.fromkeys(_OF_SCIPY))


def is_loaded_unwatched(name: str, finders: Sequence[object] | None) -> bool:
    """Whether an import, by what its audit event says, brings functions of scipy that do not tell."""
    module = next((each for each in _watched if f"{name}.".startswith(f"{each}.")), None)
    if module is None:
        return False
    if name == module:
        return finders is not None and not any(isinstance(finder, _Scipy) for finder in finders)
    return sys.modules.get(module) is not _watched[module]


def _of_torch() -> Iterator[tuple[str, Callable[..., Any]]]:
    for module, public in _MODULES.items():
        for name, value in vars(sys.modules.get(module, ModuleType(module))).items():
            is_its_own = isinstance(value, FunctionType) and value.__module__ == module
            if is_its_own and (not name.startswith("_") or name.startswith(_FOR_ALL_AT_ONCE)):
                yield f"{public}.{name}", value
    for module, names in _FUNCTIONS.items():
        for name in names:
            if hasattr(sys.modules[module], name):  # versions of torch differ
                yield f"{module}.{name}", getattr(sys.modules[module], name)


def _have_methods_tell(module: ModuleType | None, names: Sequence[str]) -> None:
    for kind in list(vars(module).values()) if module is not None else ():
        if not isinstance(kind, type) or module is None or kind.__module__ != module.__name__:
            continue
        public = module.__name__.replace("torch.optim.optimizer", "torch.optim")
        for name, method in list(vars(kind).items()):
            if isinstance(method, FunctionType) and (name in names if names else True):
                setattr(kind, name, _telling(f"{public}.{kind.__name__}.{name}".removesuffix(".__init__"), method))


class _Scipy(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds what others find, and has the functions tell once their module is loaded."""

    def __init__(self) -> None:
        self._real: dict[str, Any] = {}

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname not in _OF_SCIPY:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            self._real[fullname], spec.loader = spec.loader, self
        return spec

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        module: ModuleType | None = self._real[spec.name].create_module(spec)
        return module

    def exec_module(self, module: ModuleType) -> None:
        name = module.__name__
        _watched[name] = module
        module.__loader__ = module.__spec__.loader = self._real[name]  # type: ignore[union-attr]
        self._real[name].exec_module(module)
        public = name.removesuffix(".cython_special")
        functions = [(each, vars(module)[each]) for each in _OF_SCIPY[name] if each in vars(module)]
        exchange(
            {id(function): (function, _telling(f"{public}.{each}", function)) for each, function in functions}, "scipy"
        )


def _telling(name: str, original: Callable[..., Any]) -> Callable[..., Any]:
    tell_of_it = telling(name)

    @functools.wraps(original, updated=())
    def tell(*args: Any, **kwargs: Any) -> Any:
        tell_of_it()
        return original(*args, **kwargs)

    return sealed(tell)
