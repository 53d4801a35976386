# wrong: divides, and gets a float
def training_memory(sizes, batch_size, states=2, bytes_per_number=4):
    p = sum((a + 1) * b for a, b in zip(sizes, sizes[1:]))
    bits = 8 * bytes_per_number
    return (p * (2 + states) + batch_size * sum(sizes[:-1])) * bits / 8
