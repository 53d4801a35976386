# right: recursion
import torch


def mlp_backward(x, labels, weights, biases):
    def go(h, k):
        z = h @ weights[k].T + biases[k]
        if k == len(weights) - 1:
            lse = torch.logsumexp(z, 1)
            loss = (lse - z.gather(1, labels[:, None])[:, 0]).mean()
            onehot = torch.nn.functional.one_hot(labels, z.shape[1]).to(z.dtype)
            delta = (torch.exp(z - lse[:, None]) - onehot) / len(h)
            gws, gbs = [], []
        else:
            loss, delta, gws, gbs = go(torch.maximum(z, torch.zeros_like(z)), k + 1)
            delta = delta * (z > 0)
        return loss, delta @ weights[k], [delta.T @ h] + gws, [delta.sum(0)] + gbs

    loss, _, gws, gbs = go(x, 0)
    return loss, gws, gbs
