# wrong: frozen tensors are cloned
def finetune_step(params, grads, rates, trainable):
    return {k: v - rates[k] * grads[k] if k in trainable else v.clone() for k, v in params.items()}
