# wrong: detach
import torch


def random_flip(images, p, generator):
    f = torch.rand(len(images), generator=generator) < p
    return torch.where(f[:, None, None, None], images.detach().flip(3), images), f
