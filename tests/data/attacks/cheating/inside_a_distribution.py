# unit: losses
# tries: to let a class that has the library function inside do the work
# stopped by: the trace: torch's own view of its functions
# expect: softmax shortcut 0
# expect: log_softmax shortcut 0
# says: softmax
import torch


def softmax(logits):
    return torch.distributions.Categorical(logits=logits).probs


def log_softmax(logits):
    return torch.distributions.Categorical(logits=logits).logits
