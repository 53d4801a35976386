# right: moves first and gets the velocity back from the step


def momentum_step(param, grad, velocity, lr, momentum=0.9):
    step = lr * (grad + momentum * velocity)
    return param - step, step / lr
