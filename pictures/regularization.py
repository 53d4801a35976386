"""The pictures of the unit regularization: `python -m pictures.regularization`."""

import torch

from pictures.drawing import BLUE, GREEN, GREY, ORANGE, figure, save
from solutions.regularization import early_stopping, soft_threshold

EPOCHS, PATIENCE = 300, 40
WITHOUT_PENALTY = torch.tensor([2.0, 1.0, 0.3])
STRENGTHS = torch.linspace(0, 3, 31).tolist()


def with_l1(strength: float) -> torch.Tensor:
    """The weights that make 0.5 |w - WITHOUT_PENALTY|^2 + strength sum |w| smallest: soft-thresholding."""
    return soft_threshold(WITHOUT_PENALTY, strength)


def with_l2(strength: float) -> torch.Tensor:
    """The weights that make 0.5 |w - WITHOUT_PENALTY|^2 + strength sum w^2 smallest."""
    return WITHOUT_PENALTY / (1 + 2 * strength)


def memorizing_run() -> tuple[list[float], list[float]]:
    """Training and validation loss after each epoch of a network with far more weights than its 12 noisy samples."""
    generator = torch.Generator().manual_seed(3)
    x, x_val = (6 * torch.rand(count, 1, generator=generator) - 3 for count in (12, 400))
    y, y_val = (torch.sin(2 * points) + 0.4 * torch.randn(points.shape, generator=generator) for points in (x, x_val))
    net = torch.nn.Sequential(torch.nn.Linear(1, 100), torch.nn.Tanh(), torch.nn.Linear(100, 100), torch.nn.Tanh())
    net.append(torch.nn.Linear(100, 1))
    for parameter in net.parameters():
        scale = parameter.shape[-1] ** -0.5 if parameter.dim() > 1 else 1.0
        torch.nn.init.normal_(parameter, std=scale, generator=generator)
    optimizer = torch.optim.Adam(net.parameters(), lr=5e-4)
    train, val = [], []
    for _ in range(EPOCHS):
        for _ in range(5):
            optimizer.zero_grad()
            loss = (net(x) - y).square().mean()
            loss.backward()
            optimizer.step()
        train.append(loss.item())
        with torch.no_grad():
            val.append((net(x_val) - y_val).square().mean().item())
    return train, val


def against_memorizing() -> None:
    """What the penalties do to three weights, and where early stopping ends a run."""
    drawn, (left, right) = figure(2, width=10.5)
    for best, color, name in ((with_l1, ORANGE, "L1"), (with_l2, BLUE, "L2")):
        weights = torch.stack([best(strength) for strength in STRENGTHS])
        for index in range(3):
            left.plot(STRENGTHS, weights[:, index], color=color, label=name if index == 0 else None)
    left.set_xlabel("strength")
    left.set_ylabel("weight")
    left.set_title("L1 sets weights to 0, L2 shrinks them")
    left.legend(frameon=False)

    train, val = memorizing_run()
    stop, best = early_stopping(val, PATIENCE)
    right.plot(train, color=BLUE, label="training loss")
    right.plot(val, color=ORANGE, label="validation loss")
    right.axvline(best, color=GREEN, linestyle="--", label="best epoch")
    if stop is not None:
        right.axvline(stop, color=GREY, linestyle=":", label=f"stop, patience {PATIENCE}")
    right.set_ylim(0, 1.0)
    right.set_xlabel("epoch")
    right.set_title("Early stopping")
    right.legend(frameon=False)
    save(drawn, "regularization", "against_memorizing")


if __name__ == "__main__":
    against_memorizing()
