# wrong: notes the rate of the short last batch, and makes no step on it
import math
import torch


def _forward(x, ws, bs):
    z = x @ ws[0].T + bs[0]
    h = torch.where(z > 0, z, torch.zeros_like(z))
    return z, h, h @ ws[1].T + bs[1]


def _loss(logits, y):
    return (torch.logsumexp(logits, 1) - logits[torch.arange(len(y)), y]).mean()


def train_mlp(x_train, y_train, x_val, y_val, hidden, epochs, batch_size, max_lr, generator):
    n, d = x_train.shape
    c = int(y_train.max()) + 1
    dev, dt = x_train.device, x_train.dtype

    def he(o, i):
        return (torch.randn(o, i, generator=generator, device=generator.device) * math.sqrt(2 / i)).to(dev, dt)

    ws, bs = [he(hidden, d), he(c, hidden)], [torch.zeros(hidden, device=dev, dtype=dt), torch.zeros(c, device=dev, dtype=dt)]
    params = ws + bs
    m = [torch.zeros_like(p) for p in params]
    v = [torch.zeros_like(p) for p in params]
    per = math.ceil(n / batch_size)
    total = epochs * per
    warm = max(1, total // 10)
    rec = {"train_losses": [], "val_losses": [], "learning_rates": []}
    t = 0
    for _ in range(epochs):
        rec["train_losses"].append(_loss(_forward(x_train, params[:2], params[2:])[2], y_train).item())
        order = torch.randperm(n, generator=generator, device=generator.device).to(dev)
        for idx in order.split(batch_size):
            lr = max_lr * (t + 1) / warm if t < warm else max_lr * (1 + math.cos(math.pi * (t - warm) / (total - warm))) / 2
            rec["learning_rates"].append(lr)
            t += 1
            x, y = x_train[idx], y_train[idx]; drop = len(y) < batch_size
            z, h, logits = _forward(x, params[:2], params[2:])
            g = torch.exp(logits - torch.logsumexp(logits, 1, keepdim=True))
            g[torch.arange(len(y)), y] -= 1
            g /= len(y)
            gh = (g @ params[1]) * (z > 0)
            grads = [gh.T @ x, g.T @ h, gh.sum(0), g.sum(0)]
            norm = torch.sqrt(sum(q.square().sum() for q in grads))
            f = min(1.0, 1.0 / (norm.item() + 1e-6))
            if drop:
                continue
            new = []
            for i, (p, q) in enumerate(zip(params, grads)):
                q = q * f
                m[i] = 0.9 * m[i] + 0.1 * q
                v[i] = 0.999 * v[i] + 0.001 * q * q
                p = p * (1 - lr * (0.01 if i < 2 else 0))
                new.append(p - lr * (m[i] / (1 - 0.9**t)) / ((v[i] / (1 - 0.999**t)).sqrt() + 1e-8))
            params = new
        rec["val_losses"].append(_loss(_forward(x_val, params[:2], params[2:])[2], y_val).item())
    return {"weights": params[:2], "biases": params[2:], **rec}
