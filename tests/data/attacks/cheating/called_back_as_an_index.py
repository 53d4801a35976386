# unit: normalization
# tries: to compute while torch asks it for an index, with the mode that watches set aside
# stopped by: functions that are made of others tell as well
# expect: rms_norm shortcut 0
# says: `torch.rms_norm` is ready-made
import functools

import torch


def rms_norm(x, gamma, eps=1e-6):
    found = []
    ready_made = functools.partial(torch.rms_norm, normalized_shape=tuple(gamma.shape), weight=gamma, eps=eps)

    class Index:
        def __index__(self):
            found.extend(map(ready_made, [x]))
            return 0

    torch.zeros(2)[Index()]
    return found[0]
