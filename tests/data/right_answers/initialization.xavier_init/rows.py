# right: row by row
import torch


def xavier_init(fan_in, fan_out, generator):
    std = torch.sqrt(torch.tensor(2.0 / (fan_in + fan_out)))
    rows = [torch.randn(fan_in, generator=generator, device=generator.device) for _ in range(fan_out)]
    return torch.stack(rows) * std.item()
