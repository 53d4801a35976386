# right: Gauss-Jordan with pivoting on the normal equations
import torch


def least_squares(x, y):
    a = torch.cat([x.T @ x, (x.T @ y)[:, None]], dim=1)
    d = x.shape[1]
    for i in range(d):
        p = i + int(a[i:, i].abs().argmax())
        order = list(range(d))
        order[i], order[p] = order[p], order[i]
        a = a[order]
        row = a[i] / a[i, i]
        a = torch.stack([row if k == i else a[k] - a[k, i] * row for k in range(d)])
    return a[:, -1]
