# unit: losses
# tries: to end the process when an object of its own is thrown away, between two calls
# stopped by: the process boundary
# expect: softmax crashed 0
# says: ended itself with exit status 0
import os

import torch


class Bomb:
    def __del__(self):
        os._exit(0)


def softmax(logits):
    bomb = Bomb()
    bomb.self = bomb
    powers = torch.exp(logits - logits.amax(-1, keepdim=True))
    del bomb
    import gc

    gc.collect()
    return powers / powers.sum(-1, keepdim=True)
