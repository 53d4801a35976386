# wrong: frozen by a rate of zero, so that they are new tensors
def finetune_step(params, grads, rates, trainable):
    new = {}
    for k, v in params.items():
        lr = rates[k] if k in trainable else 0.0
        g = grads[k] if k in trainable else 0.0
        new[k] = v - lr * g
    return new
