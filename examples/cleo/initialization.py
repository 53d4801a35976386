"""Initialization: where training starts. Fill in the function, then run `pytest exercises/initialization`.

Results are float32, on the generator's device. Nothing is printed, and no random number comes from anywhere
but the generator that you are given. Build from elementary operations (torch.randn, arithmetic):
torch.nn.init is there to compare with, and earns no points.
"""

import torch


def he_init(fan_in: int, fan_out: int, generator: torch.Generator) -> torch.Tensor:
    """Draw the weights of a linear layer that is followed by a ReLU, so that the signal keeps its size.

        weight[o, d] is normal, with mean 0 and variance 2 / fan_in

    Args:
        fan_in: the number of inputs of each neuron.
        fan_out: the number of neurons.
        generator: the only source of randomness. The same state of the generator gives the same weights;
            two calls in a row with one generator give different ones.

    Returns:
        A float32 tensor of shape (fan_out, fan_in), on generator.device.

    Example:
        he_init(50, 1000, torch.Generator().manual_seed(0)) has the shape (1000, 50). The variance asked for
        is 2 / 50 = 0.04, so the standard deviation is 0.2; that of the 50,000 numbers drawn comes out
        between 0.198 and 0.202.

    See He et al. 2015, "Delving Deep into Rectifiers", equation 10; torch.nn.init.kaiming_normal_.
    """
    raise NotImplementedError
