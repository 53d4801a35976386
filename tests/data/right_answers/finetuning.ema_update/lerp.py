import torch


def ema_update(averages, weights, decay):
    return [torch.lerp(w, a, decay) for a, w in zip(averages, weights)]
