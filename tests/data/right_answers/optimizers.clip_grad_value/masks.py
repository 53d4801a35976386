# right: writes the limits into copies, by masks, and returns a tuple


def clip_grad_value(grads, clip_value):
    clipped = [grad.clone() for grad in grads]
    for grad in clipped:
        grad[grad > clip_value] = clip_value
        grad[grad < -clip_value] = -clip_value
    return tuple(clipped)
