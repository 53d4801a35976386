# right: torch, smoothing, sign changes
import torch


def diagnose_curve(train, val):
    t, v = torch.tensor(train, dtype=torch.float64), torch.tensor(val, dtype=torch.float64)
    if not (torch.isfinite(t).all() and torch.isfinite(v).all()):
        return "diverged"
    if t[-1] > 5 * t[0] or v[-1] > 5 * v[0]:
        return "diverged"
    d = t[1:] - t[:-1]
    big = d.abs() > 0.1 * t[:-1]
    flips = ((d[1:] * d[:-1] < 0) & big[1:] & big[:-1]).double().mean()
    if flips > 0.25:
        return "oscillating"
    i = int(d.argmax())
    if d[i] > 0.2 * t[0] and t[i + 1] > 2.5 * t[i]:
        return "spike"
    start, end = t[0], t[-5:].mean()
    if (start - end) < 0.1 * start:
        return "not learning"
    if v[-5:].mean() > 1.2 * v.min():
        return "overfitting"
    if end > 0.45 * start:
        return "underfitting"
    return "healthy"
