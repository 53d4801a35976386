import torch


def finetune_step(params, grads, rates, trainable):
    out = {}
    for k, v in params.items():
        if k not in trainable:
            out[k] = v
        else:
            out[k] = torch.sub(v, grads[k], alpha=rates[k])
    return out
