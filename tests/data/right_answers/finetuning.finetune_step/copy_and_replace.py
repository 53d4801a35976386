def finetune_step(params, grads, rates, trainable):
    out = dict(params)
    for name in trainable:
        out[name] = params[name] - rates[name] * grads[name]
    return out
