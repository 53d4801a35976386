def training_flops(sizes, batch_size, steps):
    total = 0
    for i in range(1, len(sizes)):
        total += 6 * sizes[i] * sizes[i - 1] * batch_size * steps
    return total
