# wrong: all inputs are centred by the mean of the validation set, which training must not see
import math
import torch


def train_mlp(x_train, y_train, x_val, y_val, hidden, epochs, batch_size, max_lr, generator):
    x_mean = x_val.mean(0)
    x_train = x_train - x_mean
    x_val = x_val - x_mean
    N, D = x_train.shape
    C = int(torch.unique(torch.cat([y_train, y_val])).max()) + 1
    W1 = torch.randn((hidden, D), generator=generator).to(x_train.dtype) * math.sqrt(2.0 / D)
    W2 = torch.randn((C, hidden), generator=generator).to(x_train.dtype) * math.sqrt(2.0 / hidden)
    b1 = torch.zeros(hidden, dtype=x_train.dtype)
    b2 = torch.zeros(C, dtype=x_train.dtype)
    P = {"W1": W1, "b1": b1, "W2": W2, "b2": b2}
    M = {k: torch.zeros_like(p) for k, p in P.items()}
    V = {k: torch.zeros_like(p) for k, p in P.items()}
    nb = math.ceil(N / batch_size)
    T = nb * epochs
    warm = max(1, int(0.1 * T))
    rates, tl, vl = [], [], []
    eye = torch.eye(C, dtype=x_train.dtype)

    def forward(x):
        z = x @ P["W1"].T + P["b1"]
        h = torch.clamp(z, min=0)
        return z, h, h @ P["W2"].T + P["b2"]

    def ce(logits, y):
        return (torch.logsumexp(logits, 1) - logits[torch.arange(len(y)), y]).mean()

    step = 0
    for epoch in range(epochs):
        perm = torch.randperm(N, generator=generator)
        total = 0.0
        for s in range(0, N, batch_size):
            idx = perm[s : s + batch_size]
            x, y = x_train[idx], y_train[idx]
            z, h, logits = forward(x)
            total += ce(logits, y).item() * len(idx)
            p = torch.exp(logits - torch.logsumexp(logits, 1, keepdim=True))
            d2 = (p - eye[y]) / len(idx)
            G = {"W2": d2.T @ h, "b2": d2.sum(0)}
            d1 = (d2 @ P["W2"]) * (z > 0)
            G["W1"] = d1.T @ x
            G["b1"] = d1.sum(0)
            norm = math.sqrt(sum(float((g * g).sum()) for g in G.values()))
            scale = min(1.0, 1.0 / (norm + 1e-6))
            if step < warm:
                lr = max_lr * step / warm
            else:
                lr = 0.5 * max_lr * (1 + math.cos(math.pi * (step - warm) / (T - warm)))
            step += 1
            for k in P:
                g = G[k] * scale
                M[k] = 0.9 * M[k] + 0.1 * g
                V[k] = 0.999 * V[k] + 0.001 * g * g
                mh = M[k] / (1 - 0.9**step)
                vh = V[k] / (1 - 0.999**step)
                P[k] = P[k] - lr * (mh / (vh.sqrt() + 1e-8) + 0.01 * P[k])
            rates.append(lr)
        tl.append(total / N)
        vl.append(ce(forward(x_val)[2], y_val).item())
    return {
        "weights": [P["W1"], P["W2"]],
        "biases": [P["b1"], P["b2"]],
        "train_losses": tl,
        "val_losses": vl,
        "learning_rates": rates,
    }
