# wrong: the velocity has the rate and the sign inside, as in other textbooks


def momentum_step(param, grad, velocity, lr, momentum=0.9):
    velocity = momentum * velocity - lr * grad
    return param + velocity, velocity
