# right: works in place, on copies of its own
def nesterov_step(param, grad_fn, velocity, lr: float, momentum: float = 0.9):
    v = velocity.detach().clone()
    v *= momentum
    p = param.detach().clone()
    p -= lr * v
    v += grad_fn(p.clone())
    return param - lr * v, v
