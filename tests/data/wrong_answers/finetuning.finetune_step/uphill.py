# wrong: the sign
def finetune_step(params, grads, rates, trainable):
    return {k: v + rates[k] * grads[k] if k in trainable else v for k, v in params.items()}
