# right: torch.relu, torch.softmax and torch.log_softmax are building blocks here
import torch
def overfit_one_batch(x, labels, hidden, lr, steps, generator):
    n, d = x.shape
    c = int(labels.max()) + 1
    def init(o, i):
        return (torch.randn(o, i, generator=generator, device=generator.device) * (2 / i) ** 0.5).to(x)
    w1, w2 = init(hidden, d), 0.1 * init(c, hidden)
    b1, b2 = x.new_zeros(hidden), x.new_zeros(c)
    ps = [w1, b1, w2, b2]
    ms = [torch.zeros_like(p) for p in ps]; vs = [torch.zeros_like(p) for p in ps]
    losses = []
    for t in range(1, steps + 1):
        w1, b1, w2, b2 = ps
        z = x @ w1.T + b1
        h = torch.relu(z)
        logits = h @ w2.T + b2
        logp = torch.log_softmax(logits, 1)
        losses.append(float(-logp[torch.arange(n, device=x.device), labels].mean()))
        g = torch.softmax(logits, 1)
        g[torch.arange(n, device=x.device), labels] -= 1
        g = g / n
        gh = g @ w2 * (z > 0)
        grads = [gh.T @ x, gh.sum(0), g.T @ h, g.sum(0)]
        for i, gr in enumerate(grads):
            ms[i] = 0.9 * ms[i] + 0.1 * gr
            vs[i] = 0.999 * vs[i] + 0.001 * gr * gr
            ps[i] = ps[i] - lr * (ms[i] / (1 - 0.9 ** t)) / ((vs[i] / (1 - 0.999 ** t)).sqrt() + 1e-8)
    return losses
