# right: gather of column indices
import torch


def random_flip(images, p, generator):
    n, c, h, w = images.shape
    flipped = torch.empty(n, device=images.device).uniform_(generator=generator) < p
    cols = torch.arange(w, device=images.device).expand(n, w)
    cols = torch.where(flipped[:, None], w - 1 - cols, cols)
    return images.gather(3, cols[:, None, None, :].expand(n, c, h, w)), flipped
