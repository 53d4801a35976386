# right: RMSprop, sigmoid hidden units
import math, torch


def overfit_one_batch(x, labels, hidden, lr, steps, generator):
    C = int(labels.max()) + 1
    ws = [
        torch.randn((o, i), generator=generator).to(x.dtype) / math.sqrt(i)
        for o, i in ((hidden, x.shape[1]), (C, hidden))
    ]
    bs = [torch.zeros(hidden, dtype=x.dtype), torch.zeros(C, dtype=x.dtype)]
    sq = {}
    losses = []
    while len(losses) < steps:
        z = x @ ws[0].T + bs[0]
        s = 1 / (1 + torch.exp(-z))
        o = s @ ws[1].T + bs[1]
        e = torch.exp(o - o.max())
        p = e / e.sum(1, keepdim=True)
        losses.append((-p[range(len(x)), labels].log().sum() / len(x)).item())
        d = p.clone()
        d[range(len(x)), labels] -= 1
        d = d / len(x)
        dz = d @ ws[1] * s * (1 - s)
        G = [dz.T @ x, d.T @ s, dz.sum(0), d.sum(0)]
        for k, (p_, g) in enumerate(zip(ws + bs, G)):
            sq[k] = 0.9 * sq.get(k, 0) + 0.1 * g * g
            p_ -= lr * g / (sq[k].sqrt() + 1e-8)
    return losses
