# wrong: whatever has a gradient moves
def finetune_step(params, grads, rates, trainable):
    return {k: v - rates[k] * grads[k] if k in grads else v for k, v in params.items()}
