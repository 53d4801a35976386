"""The picture of the unit diagnostics: `python -m pictures.diagnostics`."""

from dataclasses import replace

import matplotlib.pyplot as plt

from graders.diagnostics.clinic import PATIENTS, run
from pictures.drawing import BLUE, GREY, ORANGE, save
from solutions.diagnostics import diagnose_curve

# Relatives of the clinic's patients, trained from other seeds, and what was done to them.
SHOWN = (
    ("healthy_deep_tanh", 11, "nothing wrong"),
    ("fifty_samples", 12, "fifty samples, some mislabelled"),
    ("too_small", 11, "two hidden units"),
    ("rate_too_high", 22, "learning rate too high"),
    ("one_broken_batch", 11, "one broken batch"),
    ("dead_relus", 11, "all ReLUs dead"),
    ("rate_far_too_high_momentum", 20, "learning rate far too high"),
)


def kinds() -> None:
    """Seven runs of small networks, with what `diagnose_curve` says of each."""
    patients = {patient.name: patient for patient in PATIENTS}
    drawn, grid = plt.subplots(2, 4, figsize=(10.5, 5), layout="constrained")
    for axes, (name, seed, cause) in zip(grid.flat, SHOWN, strict=False):
        train, val = run(replace(patients[name], seed=seed))
        # Where the two agree, the wide line shows on both sides of the narrow one.
        axes.plot(train, color=BLUE, linewidth=4, alpha=0.55, label="training loss")
        axes.plot(val, color=ORANGE, linewidth=1.2, label="validation loss")
        axes.set_title(diagnose_curve(train, val), fontweight="bold")
        axes.set_xlabel(cause, fontsize=9, color=GREY)
        axes.tick_params(labelsize=8)
        if max(train) > 100:
            axes.set_yscale("log")
        else:
            axes.set_ylim(0, 1.1 * max(train + val))
    last = grid.flat[-1]
    last.axis("off")
    last.legend(*grid.flat[0].get_legend_handles_labels(), frameon=False, loc="center")
    save(drawn, "diagnostics", "kinds")


if __name__ == "__main__":
    kinds()
