# wrong: shares one square in a row
def rmsprop_step(param, grad, mean_sq, lr, decay=0.9, eps=1e-8):
    sq = grad**2
    if sq.dim() > 1:
        sq = sq.mean(-1, keepdim=True).expand_as(sq)
    m = decay * mean_sq + (1 - decay) * sq
    return param - lr * grad / (m.sqrt() + eps), m
