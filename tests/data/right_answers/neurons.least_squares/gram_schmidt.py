# right: modified Gram-Schmidt by hand, with back substitution
import torch


def least_squares(x, y):
    d = x.shape[1]
    qs, r = [], {}
    for j in range(d):
        v = x[:, j]
        for i in range(j):
            r[i, j] = qs[i] @ v
            v = v - r[i, j] * qs[i]
        r[j, j] = (v @ v).sqrt()
        qs.append(v / r[j, j])
    w = [None] * d
    rest = y
    c = []
    for q in qs:
        c.append(q @ rest)
        rest = rest - c[-1] * q
    for i in reversed(range(d)):
        s = c[i]
        for k in range(i + 1, d):
            s = s - r[i, k] * w[k]
        w[i] = s / r[i, i]
    return torch.stack(w)
