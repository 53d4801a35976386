# wrong: with biases
def training_flops(sizes, batch_size, steps):
    return 6 * sum((a + 1) * b for a, b in zip(sizes, sizes[1:])) * batch_size * steps
