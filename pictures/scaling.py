"""The picture of the unit scaling: `python -m pictures.scaling`."""

from pictures.drawing import BLUE, GREEN, GREY, ORANGE, figure, save
from solutions.scaling import training_memory

SIZES, LAYERS = [784, 4096, 4096, 10], 100
BATCHES = [2**k for k in range(18)]


def memory() -> None:
    """Left what fills the memory at each size of a batch, right what is kept with checkpoints."""
    drawn, (whole, kept) = figure(columns=2, width=9.0, height=3.6)
    fixed = training_memory(SIZES, 0, 2) / 1e6
    inputs = [training_memory(SIZES, batch, 2) / 1e6 - fixed for batch in BATCHES]
    whole.axhline(fixed, color=BLUE, label="parameters, gradients, Adam")
    whole.plot(BATCHES, inputs, color=ORANGE, label="the layers' inputs")
    whole.plot(BATCHES, [fixed + each for each in inputs], color=GREY, linestyle="--", label="both")
    whole.set_xscale("log", base=2)
    whole.set_yscale("log")
    whole.set_xlabel("samples in the batch")
    whole.set_ylabel("megabytes")
    whole.legend(frameon=False, fontsize=9)
    every = range(1, LAYERS + 1)
    kept.plot(every, [LAYERS / each + each for each in every], color=BLUE, label="in all")
    kept.plot(every, [LAYERS / each for each in every], color=GREY, linestyle="--", label="the checkpoints")
    kept.plot(every, every, color=GREY, linestyle=":", label="one segment")
    kept.plot(10, 20, marker="o", color=GREEN)
    kept.annotate("every = 10: 20 inputs", (10, 20), (22, 8), color=GREEN)
    kept.set_xlabel("layers in a segment")
    kept.set_ylabel("inputs in memory, of 100 layers")
    kept.legend(frameon=False, fontsize=9)
    print("as large as each other at a batch of", round(fixed * 1e6 / 4 / sum(SIZES[:-1])))
    save(drawn, "scaling", "memory")


if __name__ == "__main__":
    memory()
