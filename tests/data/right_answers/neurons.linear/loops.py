# right: three loops
import torch


def linear(x, weight, bias):
    rows = []
    for n in range(x.shape[0]):
        row = []
        for o in range(weight.shape[0]):
            s = bias[o]
            for d in range(x.shape[1]):
                s = s + x[n, d] * weight[o, d]
            row.append(s)
        rows.append(torch.stack(row))
    return torch.stack(rows)
