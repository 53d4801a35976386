"""Reference solutions of the unit regularization."""

import math

import torch
from torch import Tensor


def l1_penalty(weights: list[Tensor], strength: float) -> Tensor:
    """strength times the sum of the absolute values of all weights, 0-d."""
    return strength * torch.stack([weight.abs().sum() for weight in weights]).sum()


def l2_penalty(weights: list[Tensor], strength: float) -> Tensor:
    """strength times the sum of the squares of all weights, 0-d."""
    return strength * torch.stack([weight.square().sum() for weight in weights]).sum()


def soft_threshold(weight: Tensor, threshold: float) -> Tensor:
    """sign(w) max(|w| - threshold, 0): what L1 leaves of each weight (Daubechies et al. 2004)."""
    return weight.sign() * (weight.abs() - threshold).clamp(min=0)


def dropout(x: Tensor, p: float, generator: torch.Generator, training: bool = True) -> tuple[Tensor, Tensor]:
    """Inverted dropout (y, mask) of the shape of x; mask is True where an entry is kept (Srivastava et al. 2014)."""
    if not training:
        return x, torch.ones_like(x, dtype=torch.bool)
    # torch.rand draws from [0, 1): none is below 0, and all are below 1.
    mask = torch.rand(x.shape, generator=generator, device=x.device) >= p
    scale = 1 / (1 - p) if p < 1 else 0.0
    return x * mask * scale, mask


def dropout_backward(grad_out: Tensor, mask: Tensor, p: float) -> Tensor:
    """Gradient with respect to the input of inverted dropout, from the mask of the forward pass."""
    return grad_out * mask / (1 - p)


def early_stopping(val_losses: list[float], patience: int, min_delta: float = 0.0) -> tuple[int | None, int]:
    """(stop_epoch, best_epoch): None where the losses end before `patience` epochs in a row bring no improvement."""
    best, best_epoch, waited = val_losses[0], 0, 0
    for epoch, loss in enumerate(val_losses[1:], start=1):
        if loss < best - min_delta:
            best, best_epoch, waited = loss, epoch, 0
        else:
            waited += 1
            if waited == patience:
                return epoch, best_epoch
    return None, best_epoch


def label_smoothing(labels: Tensor, num_classes: int, smoothing: float) -> Tensor:
    """Targets (N, C), float32: (1 - smoothing) one-hot + smoothing / C (Szegedy et al. 2016, section 7)."""
    one_hot = (labels[:, None] == torch.arange(num_classes, device=labels.device)).float()
    return (1 - smoothing) * one_hot + smoothing / num_classes


def mixup(x: Tensor, targets: Tensor, lam: float, permutation: Tensor) -> tuple[Tensor, Tensor]:
    """lam of each sample and 1 - lam of its partner `permutation[i]`, in x and in targets (Zhang et al. 2018)."""
    return lam * x + (1 - lam) * x[permutation], lam * targets + (1 - lam) * targets[permutation]


def cutmix(x: Tensor, targets: Tensor, box: tuple[int, int, int, int], permutation: Tensor) -> tuple[Tensor, Tensor]:
    """The box of each image from its partner's, targets blended by area (Yun et al. 2019)."""
    top, left, height, width = box
    inside = torch.zeros(x.shape[-2:], dtype=torch.bool, device=x.device)
    inside[top : top + height, left : left + width] = True
    share = height * width / inside.numel()
    return torch.where(inside, x[permutation], x), (1 - share) * targets + share * targets[permutation]


def random_box(height: int, width: int, lam: float, generator: torch.Generator) -> tuple[int, int, int, int]:
    """(top, left, height, width) of a box of 1 - lam of the area around a random centre, clipped (Yun et al. 2019)."""

    def span(size: int) -> tuple[int, int]:
        # The share of the area is 1 - lam, so that of each side is its root.
        side = int(size * math.sqrt(1 - lam))
        centre = int(torch.randint(size, (), generator=generator, device=generator.device))
        start = centre - side // 2
        clipped = max(start, 0)
        return clipped, min(start + side, size) - clipped

    (top, box_height), (left, box_width) = span(height), span(width)
    return top, left, box_height, box_width


def random_crop(images: Tensor, padding: int, generator: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
    """Images (N, C, H, W), padded with zeros and cut back at offsets of their own; tops and lefts, int64 (N,)."""
    count, channels, height, width = images.shape
    device = images.device
    tops, lefts = torch.randint(2 * padding + 1, (2, count), generator=generator, device=device)
    padded = torch.nn.functional.pad(images, (padding,) * 4)
    # The four indices are broadcast to (N, C, H, W): every pixel says where it comes from.
    sample = torch.arange(count, device=device)[:, None, None, None]
    channel = torch.arange(channels, device=device)[:, None, None]
    rows = (tops[:, None] + torch.arange(height, device=device))[:, None, :, None]
    columns = (lefts[:, None] + torch.arange(width, device=device))[:, None, None, :]
    return padded[sample, channel, rows, columns], tops, lefts


def stochastic_depth(
    x: Tensor, branch: Tensor, survival: float, generator: torch.Generator, training: bool = True
) -> Tensor:
    """x + branch, in training with the branch of each sample dropped or divided by survival (Huang et al. 2016)."""
    if not training:
        return x + branch
    # A coin for each sample, with a dimension of size 1 for each of its dimensions.
    shape = x.shape[:1] + (1,) * (x.dim() - 1)
    kept = torch.rand(shape, generator=generator, device=x.device) < survival
    return x + branch * kept / survival


def random_flip(images: Tensor, p: float, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Images (N, C, H, W), each mirrored left to right with probability p, and which of them were, (N,)."""
    flipped = torch.rand(len(images), generator=generator, device=images.device) < p
    return torch.where(flipped[:, None, None, None], images.flip(-1), images), flipped
