# wrong: through a float
def training_flops(sizes, batch_size, steps):
    return int(6.0 * sum(a * b for a, b in zip(sizes, sizes[1:])) * batch_size * steps)
