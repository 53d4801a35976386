# wrong: turns the limit into a whole number
def clip_grad_value(grads, clip_value):
    return [g.clamp(-int(clip_value), int(clip_value)) for g in grads]
