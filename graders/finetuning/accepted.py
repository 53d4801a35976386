"""Other right answers of the unit finetuning, each with what to say of its convention."""

from backpass.judging.variants import accepted
from solutions.finetuning import l2_sp_penalty


@accepted("finetuning.l2_sp_penalty")
def start_is_a_constant(weights, start, strength):
    """Right, with a start that no gradient reaches: it is a constant in fine-tuning."""
    # A gradient of 0, which an answer without any agrees with.
    return l2_sp_penalty(weights, [each.detach() + 0 * each for each in start], strength)
