# wrong: first and last layer only
import torch


def mlp_backward(x, labels, weights, biases):
    w1, w2 = weights[0], weights[-1]
    b1, b2 = biases[0], biases[-1]
    if len(weights) == 1:
        h1 = x
    else:
        z1 = x @ w1.T + b1
        h1 = z1.clamp(min=0)
    h = h1 @ w2.T + b2
    logp = h - torch.logsumexp(h, dim=1, keepdim=True)
    n = len(labels)
    idx = torch.arange(n)
    loss = -logp[idx, labels].mean()
    g = logp.exp()
    g[idx, labels] -= 1
    g /= n
    if len(weights) == 1:
        return loss, [g.T @ x], [g.sum(0)]
    d1 = (g @ w2) * (z1 > 0)
    return loss, [d1.T @ x, g.T @ h1], [d1.sum(0), g.sum(0)]
