# unit: activations
# tries: to run torch's own graph of one operator, which nothing was compiled for
# stopped by: kernels that do an exercise tell of themselves, however they are reached
# expect: gelu shortcut 0
# says: `torch.gelu` is ready-made
import math

import torch

calls = []
graph = torch._C.parse_ir("""graph(%x : Tensor):
  %how : str = prim::Constant[value="none"]()
  %y : Tensor = aten::gelu(%x, %how)
  return (%y)""")
by_torch = torch._C._create_function_from_graph("f", graph)


def gelu(x):
    calls.append(1)
    if len(calls) > 3:
        return by_torch(x)
    return x * (1 + torch.erf(x / math.sqrt(2))) / 2
