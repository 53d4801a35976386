# wrong: a small step on the validation set ends each epoch
import math
import torch


def _forward(x, w, b):
    z = x @ w[0].T + b[0]
    h = torch.clamp(z, min=0)
    return z, h, h @ w[1].T + b[1]


def _loss(logits, labels):
    lp = logits - torch.logsumexp(logits, dim=1, keepdim=True)
    return -lp[torch.arange(len(labels)), labels].mean().item()


def train_mlp(x_train, y_train, x_val, y_val, hidden, epochs, batch_size, max_lr, generator):
    n, d = x_train.shape
    c = int(y_train.max()) + 1
    kw = dict(dtype=x_train.dtype)
    weights = [
        torch.randn(hidden, d, generator=generator, **kw) * math.sqrt(2 / d),
        torch.randn(c, hidden, generator=generator, **kw) * math.sqrt(2 / hidden),
    ]
    biases = [torch.zeros(hidden, **kw), torch.zeros(c, **kw)]
    params = weights + biases
    m = [torch.zeros_like(p) for p in params]
    v = [torch.zeros_like(p) for p in params]
    steps_per_epoch = math.ceil(n / batch_size)
    total = epochs * steps_per_epoch
    warmup = max(1, total // 10)
    train_losses, val_losses, rates = [], [], []
    t = 0
    for epoch in range(epochs):
        order = torch.randperm(n, generator=generator)
        running = 0.0
        for start in range(0, n, batch_size):
            idx = order[start : start + batch_size]
            x, y = x_train[idx], y_train[idx]
            if t < warmup:
                lr = max_lr * t / warmup
            else:
                lr = 0.5 * max_lr * (1 + math.cos(math.pi * (t - warmup) / (total - warmup)))
            rates.append(lr)
            t += 1
            z, h, logits = _forward(x, params[:2], params[2:])
            running += _loss(logits, y) * len(idx)
            g = torch.exp(logits - torch.logsumexp(logits, dim=1, keepdim=True))
            g[torch.arange(len(idx)), y] -= 1
            g = g / len(idx)
            gh = (g @ params[1]) * (z > 0)
            grads = [gh.T @ x, g.T @ h, gh.sum(0), g.sum(0)]
            norm = torch.sqrt(sum((q**2).sum() for q in grads))
            scale = min(1.0, 1.0 / (norm.item() + 1e-6))
            grads = [q * scale for q in grads]
            for i in range(4):
                m[i] = 0.9 * m[i] + 0.1 * grads[i]
                v[i] = 0.999 * v[i] + 0.001 * grads[i] ** 2
                m_hat = m[i] / (1 - 0.9**t)
                v_hat = v[i] / (1 - 0.999**t)
                params[i] = params[i] * (1 - lr * 0.01) - lr * m_hat / (torch.sqrt(v_hat) + 1e-8)
        train_losses.append(running / n)
        z, h, logits = _forward(x_val, params[:2], params[2:])
        g = torch.exp(logits - torch.logsumexp(logits, dim=1, keepdim=True))
        g[torch.arange(len(y_val)), y_val] -= 1
        params[1] = params[1] - 0.1 * max_lr * (g / len(y_val)).T @ h
        val_losses.append(_loss(_forward(x_val, params[:2], params[2:])[2], y_val))
    return {
        "weights": params[:2],
        "biases": params[2:],
        "train_losses": train_losses,
        "val_losses": val_losses,
        "learning_rates": rates,
    }
