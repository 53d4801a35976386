# wrong: keeps the velocity in an attribute of the function


def momentum_step(param, grad, velocity, lr, momentum=0.9):
    kept = getattr(momentum_step, "velocity", None)
    if kept is None or kept.shape != param.shape or kept.dtype != param.dtype:
        kept = velocity
    momentum_step.velocity = momentum * kept + grad
    return param - lr * momentum_step.velocity, momentum_step.velocity
