# wrong: per channel coin
import torch


def random_flip(images, p, generator):
    f = torch.rand(images.shape[:2], generator=generator) < p
    return torch.where(f[:, :, None, None], images.flip(3), images), f[:, 0]
