# wrong: adds into the first gradient
def accumulate_gradients(grad_fn, x, y, micro_batch_size):
    parts = list(zip(x.split(micro_batch_size), y.split(micro_batch_size)))
    total = grad_fn(*parts[0])
    total.mul_(len(parts[0][0]) / len(x))
    for a, b in parts[1:]:
        total += grad_fn(a, b) * (len(a) / len(x))
    return total
