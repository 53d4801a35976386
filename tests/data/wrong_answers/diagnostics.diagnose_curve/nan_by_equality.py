# wrong: NaN is looked for with ==, which is never true, so a run that ends in NaN is not called diverged
import torch

NAN = float("nan")


def diagnose_curve(train, val):
    tr, va = torch.tensor(train, dtype=torch.float64), torch.tensor(val, dtype=torch.float64)
    first, last = tr[0].item(), tr[-3:].mean().item()
    if train[-1] == NAN or val[-1] == NAN or last > 3 * first:
        return "diverged"
    ratio = tr[2:] / tr[1:-1]
    n_up = int((ratio > 1.25).sum())
    n_down = int((ratio[len(ratio) // 2:] < 0.8).sum())
    if n_up > 2 and n_down > 2:
        return "oscillating"
    if n_up >= 1 and ratio.max() > 2:
        return "spike"
    if va[-3:].mean() > 1.35 * va.min() and last < 0.75 * first:
        return "overfitting"
    if last > 0.88 * first:
        return "not learning"
    return "underfitting" if last > 0.5 * first else "healthy"
