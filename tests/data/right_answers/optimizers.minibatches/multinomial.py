# right: draws all without replacement with multinomial
import torch


def minibatches(num_samples, batch_size, generator):
    w = torch.ones(num_samples, device=generator.device)
    p = torch.multinomial(w, num_samples, replacement=False, generator=generator)
    out = []
    s = 0
    while s < num_samples:
        out.append(p[s : min(s + batch_size, num_samples)].clone())
        s += batch_size
    return out
