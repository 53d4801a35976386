# wrong: box's top left taken for its centre
def cutmix(x, targets, box, permutation):
    cy, cx, h, w = box
    y0, x0 = max(cy - h // 2, 0), max(cx - w // 2, 0)
    out = x.clone()
    out[..., y0 : y0 + h, x0 : x0 + w] = x[permutation][..., y0 : y0 + h, x0 : x0 + w]
    s = h * w / (x.shape[2] * x.shape[3])
    return out, (1 - s) * targets + s * targets[permutation]
