# right: changes a copy in place


def sgd_step(param, grad, lr):
    new = param.clone()
    new.sub_(grad, alpha=lr)
    return new
