# right: two gathers
import torch
def random_crop(images, padding, generator):
    n, c, h, w = images.shape
    wide = torch.nn.functional.pad(images, [padding] * 4)
    tops = (torch.rand(n, generator=generator, device=images.device) * (2 * padding + 1)).long()
    lefts = (torch.rand(n, generator=generator, device=images.device) * (2 * padding + 1)).long()
    r = (tops[:, None] + torch.arange(h, device=images.device))[:, None, :, None].expand(n, c, h, wide.shape[3])
    k = (lefts[:, None] + torch.arange(w, device=images.device))[:, None, None, :].expand(n, c, h, w)
    return wide.gather(2, r).gather(3, k), tops, lefts
