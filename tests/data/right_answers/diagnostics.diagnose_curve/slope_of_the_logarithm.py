# right: slopes of the log-loss over the last half, fitted by least squares
import torch


def diagnose_curve(train, val):
    n = len(train)
    t = torch.tensor(train, dtype=torch.float64)
    v = torch.tensor(val, dtype=torch.float64)
    if not torch.isfinite(t[-1]) or not torch.isfinite(v[-1]) or t[-1] > 6 * t[0]:
        return "diverged"

    def fit(c):
        y = c.clamp(min=1e-12).log()
        i = torch.arange(len(y), dtype=torch.float64)
        i = i - i.mean()
        slope = (i * (y - y.mean())).sum() / (i * i).sum()
        resid = y - y.mean() - slope * i
        return slope.item() * len(y), resid.std().item()

    half = n // 2
    ok = torch.isfinite(t).all() and torch.isfinite(v).all()
    r = t[1:] / t[:-1]
    ups = (r > 1.3).sum().item()
    if ups >= 3 and (r[-(n // 3) :] > 1.2).any():
        return "oscillating"
    if (r > 1.9).any():
        return "spike"
    gain_v, _ = fit(v[half:])
    if v[-1] > 1.25 * v.min() and gain_v > 0.05:
        return "overfitting"
    if t[-1] > 0.88 * t[0]:
        return "not learning"
    if t[-1] > 0.5 * t[0]:
        return "underfitting"
    return "healthy"
