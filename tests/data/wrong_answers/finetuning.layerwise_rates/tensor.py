# wrong: a tensor instead of a list
import torch


def layerwise_rates(num_layers, base_lr, decay):
    return base_lr * decay ** torch.arange(num_layers - 1, -1, -1)
