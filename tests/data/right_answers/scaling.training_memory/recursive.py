def training_memory(sizes, batch_size, states=2, bytes_per_number=4):
    if len(sizes) == 1:
        return 0
    first, second, *_ = sizes
    layer = (2 + states) * second * (first + 1) + batch_size * first
    return layer * bytes_per_number + training_memory(sizes[1:], batch_size, states, bytes_per_number)
