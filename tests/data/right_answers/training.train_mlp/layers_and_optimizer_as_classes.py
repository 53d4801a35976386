# right: layers and the optimizer are classes, lists come back as tuples, and there is one entry more
import math
import torch


class Layer:
    def __init__(self, n_in, n_out, gen, like):
        self.w = (torch.randn(n_out, n_in, generator=gen, dtype=torch.float64) * (2 / n_in) ** 0.5).to(like)
        self.b = torch.zeros(n_out).to(like)

    def forward(self, x):
        self.x = x
        return torch.addmm(self.b, x, self.w.t())

    def backward(self, g):
        self.gw = g.t().mm(self.x)
        self.gb = g.sum(dim=0)
        return g.mm(self.w)


class AdamW:
    def __init__(self, shapes, decay=0.05):
        self.m = [0.0 for _ in shapes]
        self.v = [0.0 for _ in shapes]
        self.t = 0
        self.decay = decay

    def step(self, params, grads, lr):
        self.t += 1
        new = []
        for i, (p, g) in enumerate(zip(params, grads)):
            self.m[i] = self.m[i] + 0.1 * (g - self.m[i])
            self.v[i] = self.v[i] + 0.001 * (g.square() - self.v[i])
            step_size = lr / (1 - 0.9**self.t)
            denom = self.v[i].sqrt() / math.sqrt(1 - 0.999**self.t) + 1e-8
            p = p.mul(1 - lr * self.decay)
            new.append(torch.addcdiv(p, self.m[i], denom, value=-step_size))
        return new


def nll(logits, labels):
    logp = logits - torch.logsumexp(logits, dim=-1, keepdim=True)
    return -logp.gather(1, labels[:, None]).mean(), logp


def train_mlp(x_train, y_train, x_val, y_val, hidden, epochs, batch_size, max_lr, generator):
    classes = len(torch.unique(y_train))
    one, two = Layer(x_train.shape[1], hidden, generator, x_train), Layer(hidden, classes, generator, x_train)
    opt = AdamW(range(4))
    steps = epochs * -(-len(x_train) // batch_size)
    warm = max(steps // 8, 1)
    out = dict(weights=[], biases=[], train_losses=[], val_losses=[], learning_rates=[])
    for _ in range(epochs):
        batch_losses = []
        for idx in torch.split(torch.randperm(len(x_train), generator=generator), batch_size):
            k = len(out["learning_rates"])
            lr = (
                max_lr * (k + 1) / warm
                if k < warm
                else max_lr * 0.5 * (1 + math.cos(math.pi * (k - warm) / (steps - warm)))
            )
            a = one.forward(x_train[idx])
            h = torch.maximum(a, torch.zeros_like(a))
            loss, logp = nll(two.forward(h), y_train[idx])
            g = logp.exp()
            g[range(len(idx)), y_train[idx]] -= 1
            g = g / len(idx)
            one.backward(torch.where(a > 0, two.backward(g), torch.zeros_like(a)))
            grads = [one.gw, one.gb, two.gw, two.gb]
            total = torch.cat([q.flatten() for q in grads]).pow(2).sum().sqrt()
            if total > 2.0:
                grads = [q * (2.0 / total) for q in grads]
            one.w, one.b, two.w, two.b = opt.step([one.w, one.b, two.w, two.b], grads, lr)
            out["learning_rates"].append(lr)
            batch_losses.append(float(loss))
        out["train_losses"].append(sum(batch_losses) / len(batch_losses))
        h = one.forward(x_val).clamp_min(0)
        out["val_losses"].append(float(nll(two.forward(h), y_val)[0]))
    out["weights"] = (one.w, two.w)
    out["biases"] = (one.b, two.b)
    out["accuracy"] = 0.0
    return out
