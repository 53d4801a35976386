# unit: losses
# tries: to have the loss computed by a distribution
# stopped by: the profiler, and the list of shortcuts
# expect: mse_loss shortcut 0
# says: log_prob
import math

from torch.distributions import Normal


def mse_loss(pred, target):
    return -2 * (Normal(target, 1.0, validate_args=False).log_prob(pred) + 0.5 * math.log(2 * math.pi)).mean()
