# wrong: the rate of one name for all
def finetune_step(params, grads, rates, trainable):
    lr = max(rates.values(), default=0.0)
    return {k: v - lr * grads[k] if k in trainable else v for k, v in params.items()}
