# wrong: rescales the draw so that its own mean and deviation are exact
import torch


def he_init(fan_in, fan_out, generator):
    w = torch.randn(fan_out, fan_in, generator=generator, device=generator.device)
    w = (w - w.mean()) / w.std()
    return w * (2 / fan_in) ** 0.5
