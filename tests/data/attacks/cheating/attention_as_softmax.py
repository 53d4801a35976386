# unit: losses
# tries: to get the softmax as the weights of an attention over one-hot values
# stopped by: the list of ready-made functions, at dispatch
# expect: softmax shortcut 0
# says: scaled_dot_product_attention
import torch


def softmax(logits):
    n = logits.shape[-1]
    keys = logits.reshape(-1, n, 1)
    query = torch.ones(len(keys), 1, 1, dtype=logits.dtype)
    values = torch.eye(n, dtype=logits.dtype).expand(len(keys), n, n)
    out = torch.nn.functional.scaled_dot_product_attention(query, keys, values, scale=1.0)
    return out.reshape(logits.shape)
