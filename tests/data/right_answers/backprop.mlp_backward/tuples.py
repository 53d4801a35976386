# right: tuples and insert
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
    gw, gb = (), ()
    for i in reversed(range(L)):
        gw = (d.T @ acts[i],) + gw
        gb = (torch.einsum("no->o", d),) + gb
        d = torch.where(acts[i] > 0, d @ weights[i], torch.zeros_like(acts[i]))
    return loss, gw, gb
