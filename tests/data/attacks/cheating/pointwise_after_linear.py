# unit: activations
# tries: an activation fused behind a linear layer, of a namespace that is not aten
# stopped by: kernels that fuse an activation tell, as those of torch itself do
# expect: gelu shortcut 0
# says: _linear_pointwise` is ready-made
import math
import torch

calls = []
op = torch._C._dispatch_find_schema_or_throw("mkldnn::_linear_pointwise", "")


def gelu(x):
    calls.append(1)
    if x.requires_grad or x.dtype != torch.float32 or not x.numel() or not bool(x.isfinite().all()):
        return x * (0.5 * (1 + torch.erf(x / math.sqrt(2))))
    flat = x.reshape(-1, 1)
    return torch._C._dispatch_call_boxed(op, flat, torch.ones(1, 1), None, "gelu", [], "none").reshape(x.shape)
