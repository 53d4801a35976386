# wrong: frozen ones are left out
def finetune_step(params, grads, rates, trainable):
    return {k: params[k] - rates[k] * grads[k] for k in params if k in trainable}
