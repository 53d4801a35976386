# wrong: no mask and bias mean
import torch


def mlp_backward(x, labels, weights, biases):
    L = len(weights)
    n = x.shape[0]
    acts = [x]
    zs = []
    for i in range(L):
        z = acts[-1] @ weights[i].T + biases[i]
        zs.append(z)
        acts.append(z.clamp(min=0) if i < L - 1 else z)
    s = zs[-1] - zs[-1].max(dim=1, keepdim=True).values
    logp = s - torch.log(torch.exp(s).sum(dim=1, keepdim=True))
    loss = -logp[torch.arange(n), labels].mean()
    d = torch.exp(logp)
    d[torch.arange(n), labels] -= 1
    d = d / n
    gw, gb = [None] * L, [None] * L
    for i in range(L - 1, -1, -1):
        gw[i] = d.T @ acts[i]
        gb[i] = d.mean(0)
        if i > 0:
            d = d @ weights[i]
    return loss, gw, gb
