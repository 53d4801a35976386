# right: all parameters are one vector, and the training loss is taken at the start of each epoch
import math
import torch


def train_mlp(x_train, y_train, x_val, y_val, hidden, epochs, batch_size, max_lr, generator):
    n, d = x_train.shape
    c = int(y_train.max()) + 1
    sizes = [hidden * d, hidden, c * hidden, c]
    theta = torch.zeros(sum(sizes)).to(x_train)
    theta[: sizes[0]] = torch.randn(sizes[0], generator=generator).to(x_train) * (2 / d) ** 0.5
    theta[sizes[0] + hidden : -c] = torch.randn(c * hidden, generator=generator).to(x_train) * (2 / hidden) ** 0.5

    def parts(v):
        a, b, e, f = v.split(sizes)
        return a.view(hidden, d), b, e.view(c, hidden), f

    m = torch.zeros_like(theta)
    v = torch.zeros_like(theta)
    total = epochs * math.ceil(n / batch_size)
    lrs = []
    warm = max(1, total // 10)
    for k in range(total):
        if k < warm:
            lrs.append(max_lr * k / warm)
        else:
            lrs.append(max_lr / 2 * (1 + math.cos((k - warm) / (total - warm) * math.pi)))
    k = 0
    tr, va = [], []
    for e in range(epochs):
        w1, b1, w2, b2 = parts(theta)
        z = torch.einsum("nd,hd->nh", x_train, w1) + b1
        logits = z.clamp(min=0) @ w2.T + b2
        tr.append((logits.logsumexp(1) - logits.gather(1, y_train.unsqueeze(1)).squeeze(1)).mean().item())
        order = torch.randperm(n, generator=generator)
        i = 0
        while i < n:
            b = order[i : i + batch_size]
            i += batch_size
            x = x_train[b]
            w1, b1, w2, b2 = parts(theta)
            z = torch.einsum("nd,hd->nh", x, w1) + b1
            h = z.clamp(min=0)
            logits = h @ w2.T + b2
            p = (logits - logits.amax(1, keepdim=True)).exp()
            p = p / p.sum(1, keepdim=True)
            p = p.scatter_add(1, y_train[b].unsqueeze(1), -torch.ones(len(b), 1).to(p)) / len(b)
            dh = (p @ w2).masked_fill(z <= 0, 0)
            g = torch.cat([(dh.T @ x).flatten(), dh.sum(0), (p.T @ h).flatten(), p.sum(0)])
            norm = g.norm()
            g = g * min(1.0, 1.0 / float(norm + 1e-12))
            m = torch.lerp(m, g, 0.1)
            v = 0.999 * v + 0.001 * g**2
            k += 1
            upd = (m / (1 - 0.9**k)) / ((v / (1 - 0.999**k)) ** 0.5 + 1e-8)
            theta = theta - lrs[k - 1] * upd - lrs[k - 1] * 0.01 * theta
        w1, b1, w2, b2 = parts(theta)
        logits = (x_val @ w1.T + b1).clamp(min=0) @ w2.T + b2
        va.append((logits.logsumexp(1) - logits.gather(1, y_val.unsqueeze(1)).squeeze(1)).mean().item())
    return {"weights": [w1, w2], "biases": [b1, b2], "train_losses": tr, "val_losses": va, "learning_rates": lrs}
