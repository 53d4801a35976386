# unit: losses
# tries: to hide the library function in a partial function
# stopped by: the trace: torch's own view of its functions
# expect: softmax shortcut 0
# says: softmax
import functools

import torch

softmax = functools.partial(torch.softmax, dim=-1)
