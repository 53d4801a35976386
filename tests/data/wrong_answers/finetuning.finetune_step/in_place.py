# wrong: writes into the parameters
def finetune_step(params, grads, rates, trainable):
    for k in trainable:
        params[k] -= rates[k] * grads[k]
    return dict(params)
