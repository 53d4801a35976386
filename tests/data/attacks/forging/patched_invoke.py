# unit: losses
# tries: to replace the trace and the answers of the kit, found in sys.modules
# stopped by: a worker that does not keep the kit's modules where they can be found
# expect: softmax shortcut 0
# says: torch.softmax
import contextlib
import sys

import torch

for name, module in list(sys.modules.items()):
    if name.startswith("backpass") and hasattr(module, "Trace"):

        class Blind(contextlib.nullcontext):
            called = {}

        module.Trace = lambda files, deep: Blind()


def softmax(logits):
    return torch.softmax(logits, -1)
