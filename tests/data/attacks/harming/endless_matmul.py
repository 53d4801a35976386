# unit: losses
# tries: to multiply matrices for hours in one call of torch
# stopped by: the deadline
# expect: softmax timeout 0
# says: no answer within 2 s
import torch


def softmax(logits):
    big = torch.ones(3500, 3500)
    for _ in range(1000):
        big = big @ big
    return big
