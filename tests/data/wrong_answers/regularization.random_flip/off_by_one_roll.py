# wrong: W - w rather than W - 1 - w (index wraps)
import torch


def random_flip(images, p, generator):
    flipped = torch.rand(len(images), generator=generator, device=images.device) < p
    w = images.shape[-1]
    idx = torch.tensor([(w - k) % w for k in range(w)], device=images.device)
    return torch.where(flipped[:, None, None, None], images[..., idx], images), flipped
