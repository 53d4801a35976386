# right: python coins from the generator
import torch


def random_flip(images, p, generator):
    out, flags = [], []
    for image in images:
        flip = torch.rand((), generator=generator, device=images.device).item() < p
        out.append(image.flip(2) if flip else image)
        flags.append(flip)
    return torch.stack(out), torch.tensor(flags, device=images.device)
