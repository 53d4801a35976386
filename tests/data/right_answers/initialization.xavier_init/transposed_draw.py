# right: drawn (in, out) and transposed
import torch


def xavier_init(fan_in, fan_out, generator):
    std = torch.tensor(2.0 / (fan_in + fan_out)).sqrt().item()
    return (torch.randn(fan_in, fan_out, generator=generator, device=generator.device) * std).t()
