# right: block matrices with a row (0, 1)
import torch


def collapse_linear(w1, b1, w2, b2):
    def block(w, b):
        top = torch.cat([w, b[:, None]], 1)
        bottom = torch.zeros(1, top.shape[1], dtype=w.dtype, device=w.device)
        bottom[0, -1] = 1
        return torch.cat([top, bottom])

    m = block(w2, b2) @ block(w1, b1)
    return m[:-1, :-1], m[:-1, -1]
