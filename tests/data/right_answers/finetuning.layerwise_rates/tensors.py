import torch


def layerwise_rates(num_layers, base_lr, decay):
    powers = torch.arange(num_layers - 1, -1, -1)
    return (base_lr * torch.tensor(float(decay)) ** powers).tolist()
