# wrong: writes into the dict
def finetune_step(params, grads, rates, trainable):
    for k in trainable:
        params[k] = params[k] - rates[k] * grads[k]
    return params
