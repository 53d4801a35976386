# wrong: the last layer is forgotten
def training_memory(sizes, batch_size, states=2, bytes_per_number=4):
    p = sum((sizes[i] + 1) * sizes[i + 1] for i in range(len(sizes) - 2))
    return (p * (2 + states) + batch_size * sum(sizes[:-1])) * bytes_per_number
