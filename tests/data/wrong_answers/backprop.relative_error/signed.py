# wrong: forgets abs of the difference


def relative_error(a, b):
    return ((a - b) / (a.abs() + b.abs()).clamp(min=1e-8)).max().item()
