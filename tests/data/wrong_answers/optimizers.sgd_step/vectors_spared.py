# wrong: updates matrices only
def sgd_step(param, grad, lr):
    if param.dim() < 2:
        return param.clone()
    return param - lr * grad
