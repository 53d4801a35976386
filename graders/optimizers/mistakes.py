"""What expressions of mistakes.toml need and cannot say themselves."""


def refused(value, condition):
    """`value`, or a ValueError where the condition holds."""
    if condition:
        raise ValueError("refused")
    return value
