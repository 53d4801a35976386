# wrong: truncated at two standard deviations and rescaled to the right variance (Keras he_normal), no longer normal
import torch


def he_init(fan_in, fan_out, generator):
    z = torch.randn(fan_out, fan_in, generator=generator, device=generator.device)
    while bool((z.abs() > 2).any()):
        fresh = torch.randn(fan_out, fan_in, generator=generator, device=generator.device)
        z = torch.where(z.abs() > 2, fresh, z)
    return z * (2 / fan_in) ** 0.5 / 0.87962566103423978
