# right: from the last layer to the first by recursion
def layer_grad_stds(grad, weights, preactivations):
    if not weights:
        return []
    grad = grad.clone()
    grad[preactivations[-1] <= 0] = 0
    grad = grad @ weights[-1]
    return [grad.std().item()] + layer_grad_stds(grad, weights[:-1], preactivations[:-1])
