# wrong: eps added


def relative_error(a, b):
    return ((a - b).abs() / (a.abs() + b.abs() + 1e-8)).max().item()
