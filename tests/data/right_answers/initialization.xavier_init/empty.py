# right: normal_ on an empty tensor
import torch


def xavier_init(fan_in, fan_out, generator):
    w = torch.empty(fan_out, fan_in, device=generator.device)
    w.normal_(mean=0.0, std=(2 / (fan_in + fan_out)) ** 0.5, generator=generator)
    return w
