# right: moves the average a share of the way towards the new square


def rmsprop_step(param, grad, mean_sq, lr, decay=0.9, eps=1e-8):
    mean_sq = mean_sq + (1 - decay) * (grad.square() - mean_sq)
    return param - lr / (mean_sq.pow(0.5) + eps) * grad, mean_sq
