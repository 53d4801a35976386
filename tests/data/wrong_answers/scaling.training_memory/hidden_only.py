# wrong: the batch itself is not counted
def training_memory(sizes, batch_size, states=2, bytes_per_number=4):
    p = sum((a + 1) * b for a, b in zip(sizes, sizes[1:]))
    return (p * (2 + states) + batch_size * sum(sizes[1:-1])) * bytes_per_number
