# right: Marsaglia's polar method, drawing until there are enough
import torch


def he_init(fan_in, fan_out, generator):
    need = fan_in * fan_out
    parts, have = [], 0
    while have < need:
        xy = 2 * torch.rand(2, need + 8, generator=generator, device=generator.device, dtype=torch.float64) - 1
        s = (xy * xy).sum(0)
        ok = (s > 0) & (s < 1)
        s, x = s[ok], xy[0][ok]
        z = x * torch.sqrt(-2 * torch.log(s) / s)
        parts.append(z)
        have += z.numel()
    z = torch.cat(parts)[:need].reshape(fan_out, fan_in)
    return (z * (2 / fan_in) ** 0.5).to(torch.float32)
