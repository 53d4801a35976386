# wrong: classes counted with unique
import math
import torch


def overfit_one_batch(x, labels, hidden, lr, steps, generator):
    n, d = x.shape
    c = len(labels.unique())

    def draw(rows, cols):
        w = torch.randn(rows, cols, generator=generator, device=x.device, dtype=x.dtype)
        return w * math.sqrt(2 / cols)

    w1, b1 = draw(hidden, d), torch.zeros(hidden, dtype=x.dtype, device=x.device)
    w2, b2 = draw(c, hidden) * 0.1, torch.zeros(c, dtype=x.dtype, device=x.device)
    params = [w1, b1, w2, b2]
    losses = []
    state = [(torch.zeros_like(q), torch.zeros_like(q)) for q in params]
    rows = torch.arange(n, device=x.device)
    for t in range(1, steps + 1):
        w1, b1, w2, b2 = params
        z = x @ w1.T + b1
        a = z.clamp(min=0)
        logits = a @ w2.T + b2
        logp = logits - torch.logsumexp(logits, dim=1, keepdim=True)
        losses.append(-logp[rows, labels].mean().item())
        dl = logp.exp()
        dl[rows, labels] -= 1
        dl = dl / n
        da = dl @ w2
        dz = da * (z > 0)
        grads = [dz.T @ x, dz.sum(0), dl.T @ a, dl.sum(0)]
        new = []
        for i, (q, g) in enumerate(zip(params, grads)):
            m, v = state[i]
            m = 0.9 * m + 0.1 * g
            v = 0.999 * v + 0.001 * g * g
            state[i] = (m, v)
            new.append(q - lr * (m / (1 - 0.9**t)) / ((v / (1 - 0.999**t)).sqrt() + 1e-8))
        params = new
    return losses
