# unit: losses
# tries: to send a tensor of a trillion numbers that takes no memory where it is made
# stopped by: the limit on memory, and on the size of an answer
# never without: limits
# expect: softmax crashed 0
# says: UnsendableResult
import torch


def softmax(logits):
    return torch.zeros(1).expand(10**12)
