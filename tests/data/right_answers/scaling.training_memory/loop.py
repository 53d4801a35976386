def training_memory(sizes, batch_size, states=2, bytes_per_number=4):
    parameters = activations = 0
    for i in range(len(sizes) - 1):
        parameters += sizes[i] * sizes[i + 1] + sizes[i + 1]
        activations += batch_size * sizes[i]
    return (parameters + parameters + states * parameters + activations) * bytes_per_number
