"""What `backpass plot` draws for the unit training: the losses of a run on the digits, and its learning rates."""

from pathlib import Path

import numpy
import torch

from backpass.plotting.plots import both, plot
from backpass.worker.wire import Seed

DIGITS = Path(__file__).with_name("digits.csv.gz")
EPOCHS = 16


def over_epochs(axes, yours, expected):
    epochs = list(range(1, EPOCHS + 1))
    both(axes, epochs, yours["val_losses"], expected["val_losses"], marker="o")
    axes.plot(epochs[: len(yours["train_losses"])], yours["train_losses"][:EPOCHS], color="#c8541b", linestyle="dotted")
    axes.set_yscale("log")
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.set_xlabel("epoch")
    axes.set_ylabel("validation loss (your training loss: dotted)")
    inset = axes.inset_axes((0.62, 0.5, 0.36, 0.3))
    for run, colour, width in ((expected, "#9fb8d6", 4), (yours, "#c8541b", 1.2)):
        inset.plot(run["learning_rates"], color=colour, linewidth=width)
    inset.set_title("learning rate by step", fontsize=9)
    inset.tick_params(labelsize=7)


@plot("training.train_mlp", over_epochs)
def run(function):
    """16 epochs on the digits"""
    table = torch.from_numpy(numpy.loadtxt(DIGITS, delimiter=",", dtype=numpy.float32))
    order = torch.randperm(len(table), generator=torch.Generator().manual_seed(0))
    x, y = table[order, :-1] / 16, table[order, -1].long()
    trained = function(
        *(x[:1437], y[:1437], x[1437:], y[1437:]),
        hidden=64,
        epochs=EPOCHS,
        batch_size=64,
        max_lr=0.02,
        generator=Seed(0),
    )
    names = ("train_losses", "val_losses", "learning_rates")
    return {name: [float(number) for number in trained[name]] for name in names}
