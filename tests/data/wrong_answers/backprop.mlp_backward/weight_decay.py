# wrong: weight decay in the loss and the gradients
import torch


def mlp_backward(x, labels, weights, biases):
    acts, zs = [x], []
    for k, (w, b) in enumerate(zip(weights, biases)):
        z = acts[-1] @ w.T + b
        zs.append(z)
        acts.append(z.clamp(min=0) if k < len(weights) - 1 else z)
    lse = torch.logsumexp(zs[-1], 1)
    i = torch.arange(len(labels))
    loss = (lse - zs[-1][i, labels]).mean() + 0.5 * 1e-2 * sum((w**2).sum() for w in weights)
    g = (zs[-1] - lse[:, None]).exp()
    g[i, labels] -= 1
    g = g / len(labels)
    wg, bg = [], []
    for k in range(len(weights) - 1, -1, -1):
        wg.insert(0, g.T @ acts[k] + 1e-2 * weights[k])
        bg.insert(0, g.sum(0))
        g = (g @ weights[k]) * (acts[k] > 0)
    return loss, wg, bg
