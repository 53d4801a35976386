"""What `backpass plot` draws for the unit tuning: how draws spread over the decades, and what counts can tell."""

import torch

from backpass.plotting.plots import both, plot
from backpass.worker.wire import Seed

DECADES = 4


def over_decades(axes, yours, expected):
    middles = [(place + 0.5) / 5 - 5 for place in range(5 * DECADES)]
    both(axes, middles, yours["count"], expected["count"])
    axes.set_ylim(bottom=0)
    axes.set_xlabel("logarithm of the value, to base 10")
    axes.set_ylabel("draws")


@plot("tuning.log_uniform", over_decades)
def log_uniform(function):
    """2,000 draws between 1e-5 and 1e-1, a fifth of a decade a step"""
    values = function(1e-5, 1e-1, 2000, Seed(1))
    return {"count": torch.histc(values.double().log10(), 5 * DECADES, -5, -1).tolist()}


def over_counts(axes, yours, expected):
    both(axes, list(range(21)), yours["low"], expected["low"])
    both(axes, list(range(21)), yours["high"], expected["high"])
    axes.plot(list(range(21)), [count / 20 for count in range(21)], color="#6b6b6b", linestyle="dotted")
    axes.set_xlabel("right, of 20")
    axes.set_ylabel("interval of the accuracy")


@plot("tuning.accuracy_interval", over_counts)
def accuracy_interval(function):
    """20 samples: the interval around each number of right ones"""
    ends = [function(correct, 20) for correct in range(21)]
    return {"low": [float(low) for low, _ in ends], "high": [float(high) for _, high in ends]}
