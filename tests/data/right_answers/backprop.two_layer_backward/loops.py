# right: per sample loop
import torch


def two_layer_backward(x, y, w1, b1, w2, b2):
    gw1, gb1, gw2, gb2 = torch.zeros_like(w1), torch.zeros_like(b1), torch.zeros_like(w2), torch.zeros_like(b2)
    loss = x.new_zeros(())
    for i in range(len(x)):
        z = w1 @ x[i] + b1
        a = torch.maximum(z, torch.zeros_like(z))
        s = (w2 @ a + b2)[0]
        t = y[i, 0]
        loss = loss + torch.logaddexp(torch.zeros_like(s), s) - t * s
        d = torch.exp(-torch.logaddexp(torch.zeros_like(s), -s)) - t
        gw2 += d * a.unsqueeze(0)
        gb2 += d
        da = d * w2[0] * (z > 0)
        gw1 += torch.outer(da, x[i])
        gb1 += da
    n = len(x)
    return loss / n, {"b2": gb2 / n, "w2": gw2 / n, "b1": gb1 / n, "w1": gw1 / n}
