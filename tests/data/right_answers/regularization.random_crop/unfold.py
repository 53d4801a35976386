# right: all windows, and the ones that were drawn
import torch
def random_crop(images, padding, generator):
    n, c, h, w = images.shape
    windows = torch.nn.functional.pad(images, (padding,) * 4).unfold(2, h, 1).unfold(3, w, 1)
    flat = torch.randint((2 * padding + 1) ** 2, (n,), generator=generator, device=images.device)
    tops, lefts = flat // (2 * padding + 1), flat % (2 * padding + 1)
    return windows[torch.arange(n, device=images.device), :, tops, lefts], tops, lefts
