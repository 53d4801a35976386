# wrong: gives the loop variable a new tensor and returns the old list


def clip_grad_value(grads, clip_value):
    for grad in grads:
        grad = grad.clamp(-clip_value, clip_value)
    return grads
