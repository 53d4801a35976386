# unit: losses
# tries: to make the grader display a tensor without numbers, but with a million rows
# stopped by: the budget of a frame, in which each row of nothing counts
# expect: softmax crashed 0
# says: more values
import torch


def softmax(logits):
    return torch.empty(1_000_000, 0)
