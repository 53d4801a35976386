def training_flops(sizes, batch_size, steps):
    weights = sum(a * b for a, b in zip(sizes, sizes[1:]))
    forward, backward = 2 * weights, 4 * weights
    return (forward + backward) * (batch_size * steps)
