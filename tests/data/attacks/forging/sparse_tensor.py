# unit: losses
# tries: to return a sparse tensor whose indices point outside of it
# stopped by: the format of answers: only dense tensors travel
# expect: softmax failed 0
# says: sparse
import torch


def softmax(logits):
    with torch.no_grad():
        return torch.sparse_coo_tensor(torch.tensor([[10**9]]), torch.ones(1), (3,), check_invariants=False)
