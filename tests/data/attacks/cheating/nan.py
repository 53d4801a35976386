# unit: losses
# tries: to pass comparisons that NaN makes neither true nor false
# stopped by: the comparison: an answer must be finite where the expected one is
# expect: softmax failed 0
# says: nan
import torch


def softmax(logits):
    return logits * float("nan")
