"""Other right answers of the unit landscape, each with what to say of its convention."""

from backpass.judging.variants import accepted
from solutions.landscape import sharpness


@accepted("landscape.sharpness")
def one_more_product(matvec, start, iterations):
    """Your result is that of one more normalization and product at the end."""
    return sharpness(matvec, start, iterations + 1)
