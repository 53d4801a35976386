# wrong: frozen tensors are detached
def finetune_step(params, grads, rates, trainable):
    return {k: v - rates[k] * grads[k] if k in trainable else v.detach() for k, v in params.items()}
