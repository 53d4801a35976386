"""Initialization: where training starts. Fill in the functions, then run `pytest exercises/initialization`.

New weights are float32, on the generator's device. Nothing is printed, inputs are never modified, and no random
number comes from anywhere but the generator that you are given. Build from elementary operations (torch.randn,
arithmetic): torch.nn.init is there to compare with, and earns no points.
"""

import torch


def xavier_init(fan_in: int, fan_out: int, generator: torch.Generator) -> torch.Tensor:
    """Draw the weights of a linear layer so that neither the signal nor the gradient grows or fades much.

        weight[o, d] is normal, with mean 0 and variance 2 / (fan_in + fan_out)

    Args:
        fan_in: the number of inputs of each neuron.
        fan_out: the number of neurons.
        generator: the only source of randomness. The same state of the generator gives the same weights;
            two calls in a row with one generator give different ones.

    Returns:
        A float32 tensor of shape (fan_out, fan_in), on generator.device.

    Example:
        xavier_init(150, 50, torch.Generator().manual_seed(0)) has the shape (50, 150). The variance asked for is
        2 / 200 = 0.01, so the standard deviation is 0.1.

    See Glorot & Bengio 2010; torch.nn.init.xavier_normal_.
    """
    raise NotImplementedError


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


def layer_stds(x: torch.Tensor, weights: list[torch.Tensor]) -> list[float]:
    """Send x through a ReLU network and report how large the signal is after each layer.

        h_0 = x        h_l = relu(h_(l-1) W_l^T)        std_l = the standard deviation of all numbers of h_l

    There are no biases, and the last layer has a ReLU, too.

    Args:
        x: float32 or float64, of shape (N, D).
        weights: one matrix for each layer, of shape (out, in), where in is the out of the layer before.

    Returns:
        A list with one Python float for each layer, first layer first: the standard deviation over all samples
        and neurons together. Divided by the number of values (biased) or by one less (unbiased): both are right.

    Example:
        x = [[1.0, 2.0]] and weights = [[[1, 0], [0, 1], [-1, 0]]] give h_1 = [[1, 2, 0]], whose mean is 1 and whose
        standard deviation is sqrt(2/3) = 0.8165, or unbiased 1.0.
    """
    raise NotImplementedError


def layer_grad_stds(grad: torch.Tensor, weights: list[torch.Tensor], preactivations: list[torch.Tensor]) -> list[float]:
    """Send a gradient back through a ReLU network and report how large it is before each layer.

        g_(l-1) = (g_l where z_l > 0, else 0) W_l        std_l = the standard deviation of all numbers of g_(l-1)

    Layer l has computed z_l = h_(l-1) W_l^T and h_l = relu(z_l). At z = 0 no gradient passes.

    Args:
        grad: g_L, the gradient that arrives at the last layer's output, float32 or float64, of shape (N, H_L).
        weights: one matrix for each layer, first layer first, of shape (out, in).
        preactivations: z of each layer, first layer first, of shape (N, out).

    Returns:
        A list with one Python float for each layer, last layer first: the standard deviation over all samples and
        neurons together of the gradient that leaves the layer on its way back. Divided by the number of values
        (biased) or by one less (unbiased): both are right. `grad` itself is not measured.

    Example:
        grad = [[1.0, 5.0]], weights = [[[1, 2, 3], [4, 5, 6]]] and preactivations = [[[0.5, -1.0]]]: only the first
        neuron is on, so [[1, 2, 3]] leaves the layer, with a standard deviation of sqrt(2/3) = 0.8165, or unbiased 1.0.
    """
    raise NotImplementedError
