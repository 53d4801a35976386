def training_memory(sizes, batch_size, states=2, bytes_per_number=4):
    n = sum(a * b for a, b in zip(sizes[:-1], sizes[1:])) + sum(sizes[1:])
    kept = sum(batch_size * size for size in sizes) - batch_size * sizes[-1]
    return bytes_per_number * n * (states + 2) + bytes_per_number * kept
