# right: rows by reshape
import torch


def layer_norm(x, gamma, beta, eps=1e-5):
    rows = x.reshape(-1, x.shape[-1])
    out = [(r - r.mean()) / torch.sqrt(((r - r.mean()) ** 2).mean() + eps) for r in rows]
    return torch.stack(out).reshape(x.shape) * gamma + beta
