# right: clamped tensors, read out at the end
import torch
def random_box(height, width, lam, generator):
    size = torch.tensor([height, width])
    side = (size.double() * (1 - lam) ** 0.5).floor().long()
    centre = torch.stack([torch.randint(int(n), (), generator=generator).cpu() for n in size])
    start = centre - side // 2
    end = torch.minimum(start + side, size)
    start = start.clamp(min=0)
    return tuple(int(x) for x in torch.cat([start, end - start]))
