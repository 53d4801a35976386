# right: a top and a left for each image in turn, zeros by hand
import torch
def random_crop(images, padding, generator):
    n, c, h, w = images.shape
    padded = torch.zeros(n, c, h + 2 * padding, w + 2 * padding, dtype=images.dtype, device=images.device)
    padded[:, :, padding:padding + h, padding:padding + w] = images
    offsets = [[int(torch.randint(2 * padding + 1, (1,), generator=generator)) for _ in "tl"] for _ in range(n)]
    out = torch.stack([padded[i, :, t:t + h, l:l + w] for i, (t, l) in enumerate(offsets)])
    tops, lefts = torch.tensor(offsets, device=images.device).T
    return out, tops, lefts
