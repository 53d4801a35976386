# unit: losses
# tries: to find the expected answer in memory that was given back, by allocating tensors of its shape
# stopped by: the process boundary: it was never in this process
# expect: softmax crashed 0
# says: nothing that adds up to 1
import torch


def softmax(logits):
    for _ in range(200):
        found = torch.empty_like(logits)
        sums = found.sum(-1)
        if bool(((sums - 1).abs() < 1e-5).all()) and bool((found >= 0).all()) and found.shape[-1] > 1:
            return found.clone()
    raise LookupError("nothing that adds up to 1")
