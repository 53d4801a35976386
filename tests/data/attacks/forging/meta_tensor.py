# unit: losses
# tries: to return a tensor that has a shape and no numbers
# stopped by: the format of answers: only the numbers travel
# expect: softmax failed 0
# says: meta
import torch


def softmax(logits):
    return torch.empty_like(logits, device="meta")
