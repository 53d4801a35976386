"""Other right answers of the unit initialization, each with what to say of its convention."""

from backpass.judging.variants import accepted


@accepted("initialization.layer_stds")
def biased(x, weights):
    """Right, with the biased standard deviation, divided by the number of values."""
    result = []
    for weight in weights:
        x = (x @ weight.T).clamp(min=0)
        result.append(x.std(unbiased=False).item())
    return result
