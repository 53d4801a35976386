"""Other right answers of the unit optimizers, each with what to say of its convention."""

import math

from backpass.judging.variants import accepted
from solutions import optimizers


@accepted("optimizers.adam_step")
def corrected_rate(param, grad, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    """Right, in the form at the end of the paper's section 2: the corrections are moved into the rate, so that eps is
    compared with the uncorrected root. With a large eps the two forms differ a little."""
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    return param - lr * math.sqrt(1 - beta2**t) / (1 - beta1**t) * m / (v.sqrt() + eps), m, v


@accepted("optimizers.adamw_step")
def corrected_rate(
    param, grad, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01, adam=corrected_rate
):
    """Right, in the form at the end of the Adam paper's section 2: the corrections are moved into the rate, so that eps
    is compared with the uncorrected root. With a large eps the two forms differ a little."""
    return adam(param * (1 - lr * weight_decay), grad, m, v, t, lr, beta1, beta2, eps)


@accepted("optimizers.clip_grad_norm", constants=(0.0, 1e-12, 1e-8, 1e-7, 1e-9, 1e-10))
def smaller_constant(grads, max_norm, constant):
    """Right: with another small constant beside the norm, or with none."""
    _, total = optimizers.clip_grad_norm(grads, max_norm)
    if not total > max_norm:
        return [grad * 1.0 for grad in grads], total
    return [grad * (max_norm / (total + constant)) for grad in grads], total
