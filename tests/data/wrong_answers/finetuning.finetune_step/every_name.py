# wrong: looks every name up
def finetune_step(params, grads, rates, trainable):
    new = {}
    for k in params:
        step = rates[k] * grads[k]
        new[k] = params[k] - step if k in trainable else params[k]
    return new
