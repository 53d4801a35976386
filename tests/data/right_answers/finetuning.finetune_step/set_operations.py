def finetune_step(params, grads, rates, trainable):
    frozen = params.keys() - trainable
    moved = {k: params[k].add(grads[k], alpha=-rates[k]) for k in trainable & params.keys()}
    return {**{k: params[k] for k in frozen}, **moved}
