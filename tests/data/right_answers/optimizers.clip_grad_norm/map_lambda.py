# right: map and lambda, list() round them
import torch


def clip_grad_norm(grads, max_norm):
    squares = list(map(lambda g: g.pow(2).sum(), grads))
    norm = torch.stack(squares).sum() ** 0.5
    if torch.isfinite(norm).logical_not():
        raise ValueError("inf/nan in gradients")
    coef = max_norm / torch.maximum(norm, torch.full_like(norm, max_norm))
    return list(map(lambda g: g * coef, grads)), norm
