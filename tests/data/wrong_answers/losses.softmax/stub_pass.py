# wrong: unfinished, returns None
import torch


def softmax(logits):
    # TODO: subtract the max, exponentiate, normalise
    pass
