"""The picture of the unit training: `python -m pictures.training`. It prints the lesson's numbers as well."""

import numpy
import torch

from pictures.drawing import BLUE, EXERCISES, GREEN, ORANGE, figure, save
from solutions.neurons import mlp_forward
from solutions.training import train_mlp

SETTINGS = {"hidden": 64, "epochs": 16, "batch_size": 64, "max_lr": 0.02}
SEEDS = 10


def digits() -> tuple[torch.Tensor, ...]:
    """The data of the public check: x_train, y_train, x_val, y_val."""
    table = torch.from_numpy(
        numpy.loadtxt(EXERCISES / "training" / "digits.csv.gz", delimiter=",", dtype=numpy.float32)
    )
    order = torch.randperm(len(table), generator=torch.Generator().manual_seed(0))
    x, y = table[order, :-1] / 16, table[order, -1].long()
    return x[:1437], y[:1437], x[1437:], y[1437:]


def run() -> None:
    """Losses by epoch and learning rates by step of ten runs that differ in their seed."""
    data = digits()
    drawn, (losses, rates) = figure(columns=2)
    accuracies = []
    for seed in range(SEEDS):
        result = train_mlp(*data, **SETTINGS, generator=torch.Generator().manual_seed(seed))
        logits = mlp_forward(data[2], result["weights"], result["biases"])
        accuracies.append((logits.argmax(dim=1) == data[3]).double().mean().item())
        for name, color, label in (("train_losses", BLUE, "training"), ("val_losses", ORANGE, "validation")):
            epochs = range(1, SETTINGS["epochs"] + 1)
            losses.plot(epochs, result[name], color=color, alpha=0.6, linewidth=1, label=label if seed == 0 else None)
        if seed == 0:
            rates.plot(result["learning_rates"], color=GREEN)
            print("training", [round(loss, 3) for loss in result["train_losses"]])
            print("validation", [round(loss, 3) for loss in result["val_losses"]])
    print("accuracies", [f"{accuracy:.1%}" for accuracy in accuracies])
    losses.set_yscale("log")
    losses.set_xlabel("epoch")
    losses.set_ylabel("loss")
    losses.legend(frameon=False)
    rates.set_xlabel("step")
    rates.set_ylabel("learning rate")
    rates.set_yticks([0, 0.005, 0.01, 0.015, 0.02])
    save(drawn, "training", "run")


if __name__ == "__main__":
    run()
