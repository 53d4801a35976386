# wrong: reshape mixing
import torch


def random_flip(images, p, generator):
    f = torch.rand(len(images), generator=generator, device=images.device) < p
    n, c, h, w = images.shape
    m = images.reshape(n, c, w, h).flip(-1).reshape(n, c, h, w)
    return torch.where(f[:, None, None, None], m, images), f
