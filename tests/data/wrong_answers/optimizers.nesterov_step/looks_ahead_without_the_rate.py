# wrong: the point ahead lacks the learning rate


def nesterov_step(param, grad_fn, velocity, lr, momentum=0.9):
    grad = grad_fn(param - momentum * velocity)
    velocity = momentum * velocity + grad
    return param - lr * velocity, velocity
