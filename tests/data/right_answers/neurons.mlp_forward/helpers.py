# right: helper functions and functools.reduce


from functools import reduce
import torch


def _layer(h, wb):
    return h @ wb[0].T + wb[1]


def _hidden(h, wb):
    z = _layer(h, wb)
    return z.masked_fill(z < 0, 0)


def mlp_forward(x, weights, biases):
    pairs = list(zip(weights, biases))
    return _layer(reduce(_hidden, pairs[:-1], x), pairs[-1])
