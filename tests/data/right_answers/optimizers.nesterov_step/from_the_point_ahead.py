# right: steps from the point ahead along the gradient there, which ends at the same point


def nesterov_step(param, grad_fn, velocity, lr, momentum=0.9):
    ahead = param - lr * momentum * velocity
    grad = grad_fn(ahead)
    return ahead - lr * grad, momentum * velocity + grad
