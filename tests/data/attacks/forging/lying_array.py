# unit: losses
# tries: to run code of its own where its answer is turned into an array
# stopped by: the format of answers: only what is a tensor is one
# expect: softmax failed 0
# says: Array
import torch


class Array:
    def __array__(self, *args, **kwargs):
        open("/tmp/backpass-attack-lying_array", "w").close()
        return torch.zeros(3).numpy()

    def __float__(self):
        return 1.0


def softmax(logits):
    return Array()
