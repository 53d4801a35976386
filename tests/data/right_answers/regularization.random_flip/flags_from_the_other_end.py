# right: counts from the other end, flags are integers
import torch


def random_flip(images, p, generator):
    f = torch.rand(len(images), generator=generator, device=images.device) >= 1 - p
    out = torch.where(f.reshape(-1, 1, 1, 1), images.fliplr() if False else images.flip(3), images)
    return out, f.int()
