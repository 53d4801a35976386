# wrong: a single channel is lost
def mixup(x, targets, lam, permutation):
    flat = x.reshape(len(x), -1)
    y = (lam * flat + (1 - lam) * flat[permutation]).reshape(x.shape)
    return (y.squeeze(1) if x.dim() > 2 else y), lam * targets + (1 - lam) * targets[permutation]
