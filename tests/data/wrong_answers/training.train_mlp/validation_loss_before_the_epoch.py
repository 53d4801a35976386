# wrong: the validation loss is taken before each epoch, not after it, so all values are one epoch late
import math
import torch


def init(fan_out, fan_in, like, generator):
    w = torch.randn(fan_out, fan_in, generator=generator, dtype=like.dtype, device=generator.device)
    return (w * math.sqrt(2 / fan_in)).to(like.device)


def predict(theta, x):
    pre = x @ theta["W1"].T + theta["b1"]
    act = pre.clamp(min=0)
    return pre, act, act @ theta["W2"].T + theta["b2"]


def cross_entropy(logits, y):
    picked = logits.gather(1, y.unsqueeze(1)).squeeze(1)
    return (logits.logsumexp(dim=1) - picked).mean()


def gradients(theta, x, y):
    pre, act, logits = predict(theta, x)
    delta = (logits - logits.logsumexp(dim=1, keepdim=True)).exp()
    delta[torch.arange(len(y), device=y.device), y] -= 1
    delta = delta / len(y)
    back = (delta @ theta["W2"]) * (pre > 0)
    grads = {"W1": back.T @ x, "b1": back.sum(0), "W2": delta.T @ act, "b2": delta.sum(0)}
    return cross_entropy(logits, y), grads


def schedule(k, warm, total, top):
    if k < warm:
        return top * k / warm
    return top * (1 + math.cos(math.pi * (k - warm) / max(total - warm, 1))) / 2


def train_mlp(x_train, y_train, x_val, y_val, hidden, epochs, batch_size, max_lr, generator):
    n, d = x_train.shape
    classes = int(y_train.max()) + 1
    theta = {
        "W1": init(hidden, d, x_train, generator),
        "b1": x_train.new_zeros(hidden),
        "W2": init(classes, hidden, x_train, generator),
        "b2": x_train.new_zeros(classes),
    }
    first = {k: torch.zeros_like(p) for k, p in theta.items()}
    second = {k: torch.zeros_like(p) for k, p in theta.items()}
    total = epochs * math.ceil(n / batch_size)
    warm = max(1, total // 10)
    rates, train_losses, val_losses = [], [], []
    for _ in range(epochs):
        seen = 0.0
        val_losses.append(cross_entropy(predict(theta, x_val)[2], y_val).item())
        order = torch.randperm(n, generator=generator, device=generator.device).to(x_train.device)
        for idx in order.split(batch_size):
            loss, grads = gradients(theta, x_train[idx], y_train[idx])
            seen += loss.item() * len(idx)
            norm = math.sqrt(sum(g.pow(2).sum().item() for g in grads.values()))
            shrink = min(1.0, 1.0 / norm) if norm > 0 else 1.0
            lr = float(schedule(len(rates), warm, total, max_lr))
            rates.append(lr)
            t = len(rates)
            for k in theta:
                g = grads[k] * shrink
                first[k] = 0.9 * first[k] + 0.1 * g
                second[k] = 0.999 * second[k] + 0.001 * g * g
                update = (first[k] / (1 - 0.9**t)) / ((second[k] / (1 - 0.999**t)).sqrt() + 1e-8)
                theta[k] = theta[k] - lr * update - lr * 0.01 * theta[k]
        train_losses.append(seen / n)
    return {
        "weights": [theta["W1"], theta["W2"]],
        "biases": [theta["b1"], theta["b2"]],
        "train_losses": train_losses,
        "val_losses": val_losses,
        "learning_rates": rates,
    }
