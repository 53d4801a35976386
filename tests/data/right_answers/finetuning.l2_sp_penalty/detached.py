import torch


def l2_sp_penalty(weights, start, strength):
    flat = torch.cat([(w - s.detach()).flatten() for w, s in zip(weights, start)])
    return strength * (flat @ flat)
