# wrong: without the batch
def training_flops(sizes, batch_size, steps):
    return 6 * sum(a * b for a, b in zip(sizes, sizes[1:])) * steps
