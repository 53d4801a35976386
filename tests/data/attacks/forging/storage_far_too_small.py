# unit: losses
# tries: to return a tensor of 10^12 numbers on a storage of two
# stopped by: the budget of an answer, before anything is unfolded
# expect: softmax crashed 0
# says: UnsendableResult
import torch


def softmax(logits):
    return torch.empty(0).set_(torch.UntypedStorage(8), 0, (10**6, 10**6), (0, 0))
