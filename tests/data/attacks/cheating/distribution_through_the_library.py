# unit: losses
# tries: to have Python's library call a distribution in its place
# stopped by: methods that do an exercise tell; who calls through Python's library calls himself
# expect: cross_entropy shortcut 0
# says: torch.distributions.categorical.Categorical
import functools

from torch.distributions import Categorical


def cross_entropy(logits, labels):
    made = object.__new__(Categorical)
    functools.singledispatch(Categorical.__init__)(made, None, logits)
    return -functools.singledispatch(Categorical.log_prob)(made, labels).mean()
