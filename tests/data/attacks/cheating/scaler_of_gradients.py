# unit: scaling
# tries: to have the kernel of torch's gradient scaler do the work
# stopped by: it is said to do the exercise
# expect: unscale shortcut 0
# says: `torch._amp_foreach_non_finite_check_and_unscale_` is ready-made
import torch


def unscale(grads, scale):
    copies = [grad.clone() for grad in grads]
    found = torch.zeros(1)
    torch._amp_foreach_non_finite_check_and_unscale_(copies, found, torch.full((1,), 1 / scale))
    return copies, bool(found.item())
