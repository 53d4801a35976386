# right: one image after the other
import torch
import torch.nn.functional as F
def random_crop(images, padding, generator):
    n, c, h, w = images.shape
    padded = F.pad(images, (padding, padding, padding, padding))
    tops = torch.randint(0, 2 * padding + 1, (n,), generator=generator, device=images.device)
    lefts = torch.randint(0, 2 * padding + 1, (n,), generator=generator, device=images.device)
    crops = [padded[i, :, t:t + h, l:l + w] for i, (t, l) in enumerate(zip(tops.tolist(), lefts.tolist()))]
    return torch.stack(crops), tops, lefts
