# wrong: the incoming gradient is in the list
def layer_grad_stds(grad, weights, preactivations):
    stds = [grad.std().item()]
    for w, z in zip(reversed(weights), reversed(preactivations)):
        grad = (grad * (z > 0)) @ w
        stds.append(grad.std().item())
    return stds
