# wrong: returns the point ahead of the next step
def nesterov_step(param, grad_fn, velocity, lr, momentum=0.9):
    ahead = param - lr * momentum * velocity
    v = momentum * velocity + grad_fn(ahead)
    new = param - lr * v
    return new - lr * momentum * v, v
