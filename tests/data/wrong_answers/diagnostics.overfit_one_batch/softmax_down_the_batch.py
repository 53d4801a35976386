# wrong: the helper's softmax is normalized over the samples (dim 0), not over the classes
import torch


def softmax(z):
    z = z - z.max(dim=0, keepdim=True)[0]
    e = z.exp()
    return e / e.sum(dim=0, keepdim=True)


def overfit_one_batch(x, labels, hidden, lr, steps, generator):
    n = x.size(0)
    k = int(labels.max()) + 1
    y = torch.zeros(n, k, dtype=x.dtype).scatter_(1, labels.view(-1, 1), 1.0)
    w1 = torch.randn(x.size(1), hidden, dtype=x.dtype, generator=generator) * (2 / x.size(1)) ** 0.5
    w2 = torch.randn(hidden, k, dtype=x.dtype, generator=generator) * (1 / hidden) ** 0.5
    b1, b2 = torch.zeros(hidden, dtype=x.dtype), torch.zeros(k, dtype=x.dtype)
    losses = []
    while len(losses) < steps:
        a = (x @ w1 + b1).clamp(min=0)
        p = softmax(a @ w2 + b2)
        losses.append(float(-(y * (p + 1e-12).log()).sum(1).mean()))
        dz2 = (p - y) / n
        dz1 = dz2 @ w2.t() * (a > 0)
        w2 = w2 - lr * a.t() @ dz2
        b2 = b2 - lr * dz2.sum(0)
        w1 = w1 - lr * x.t() @ dz1
        b1 = b1 - lr * dz1.sum(0)
    return losses
