"""What expressions of mistakes.toml need and cannot say themselves."""


def segments(count, every):
    """The first layer of each segment, and the one behind its last."""
    return [(start, min(start + every, count)) for start in range(0, count, every)]


def forward_through(layers, x):
    """The input of each of `layers`."""
    inputs = [x]
    for layer in layers[:-1]:
        inputs.append(layer(inputs[-1]))
    return inputs


def kept_of(forwards, x, every):
    """The input of each segment, by its first layer."""
    kept = {0: x}
    for start, end in segments(len(forwards), every)[:-1]:
        for forward in forwards[start:end]:
            x = forward(x)
        kept[end] = x
    return kept


def back_through(backwards, inputs, grad):
    """The gradient in front of a segment."""
    for backward, x in zip(reversed(backwards), reversed(inputs), strict=True):
        grad = backward(grad, x)
    return grad


def checkpointed(forwards, backwards, kept, grad, every, back=back_through):
    """Segment by segment, the last one first."""
    for start, end in reversed(segments(len(forwards), every)):
        grad = back(backwards[start:end], forward_through(forwards[start:end], kept[start]), grad)
    return grad
