# wrong: squeezes batch of one
import torch


def random_flip(images, p, generator):
    f = torch.rand(len(images), 1, 1, 1, generator=generator) < p
    return torch.where(f, images.flip(3), images), f.squeeze()
