# unit: losses
# tries: to return a tensor whose every operation agrees, by __torch_function__
# stopped by: the format of answers: only the numbers travel
# expect: softmax failed 0
# says: you return
import torch


class Lying(torch.Tensor):
    @classmethod
    def __torch_function__(cls, func, types, args=(), kwargs=None):
        if func.__name__ in ("equal", "allclose", "isclose", "all", "__bool__", "eq"):
            return torch.tensor(True)
        return super().__torch_function__(func, types, args, kwargs or {})


def softmax(logits):
    return logits.detach().clone().as_subclass(Lying)
