# unit: losses
# tries: to compute the softmax of a sparse copy, for which torch has a function of another name
# stopped by: the list of ready-made functions, by the operator that runs
# expect: softmax shortcut 0
# says: softmax
import torch


def softmax(logits):
    return torch.sparse.softmax(logits.to_sparse(), -1).to_dense()
