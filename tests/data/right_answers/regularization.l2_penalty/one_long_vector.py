# right: one long vector, its product with itself
import torch


def l2_penalty(weights, strength):
    flat = torch.cat([w.reshape(-1) for w in weights])
    return flat @ flat * strength
